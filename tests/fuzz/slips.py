"""Typing errors that no planner can have meant, one to a workbook: each must leave the plan as it was, or be named."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from model.workbook.schema import OLD_SHEETS, SHEET, Column, Kind
from tests.fuzz.meaning import WITHOUT_MEANING, find_implausible, find_wrong_kind, rule_of
from tests.fuzz.worlds import Grid, Grids, copied


@dataclass(frozen=True)
class Slip:
    """A typing error, and the world with it.

    Attributes:
        kind: name of the function that made it.
        sheet, row, column: where; row 0 holds the keys, and a whole column has no row (-1).
        said: what it says now.
    """

    kind: str
    sheet: str
    row: int
    column: str
    said: object
    grids: Grids

    @property
    def place(self) -> str:
        """Where it is, as one reads it."""
        return f"{self.sheet}, {self.column}" + (f" of row {self.row + 1}" if self.row >= 0 else "")


@dataclass(frozen=True)
class Cell:
    """A cell that is not blank, with what the schema says of it."""

    sheet: str
    row: int
    place: int
    key: Any
    value: Any
    rule: Column

    @property
    def number(self) -> float | None:
        """The number in it, if it is one."""
        is_number = isinstance(self.value, int | float) and not isinstance(self.value, bool)
        return float(self.value) if is_number else None


def cells_of(grids: Grids) -> list[Cell]:
    """Return every cell that the schema knows and that is not blank, but for those only readers look at."""
    found = []
    for sheet, grid in grids.items():
        for row, values in enumerate(grid[1:], start=1):
            record = dict(zip(grid[0], values, strict=True))
            for place, (key, value) in enumerate(record.items()):
                rule = rule_of(sheet, key, record)
                if rule is not None and value not in (None, "") and rule.key not in WITHOUT_MEANING:
                    found.append(Cell(sheet, row, place, key, value, rule))
    return found


KNOWN = {*SHEET, *OLD_SHEETS}
"""Sheets that are read; others are a planner's own."""


# --- One cell --------------------------------------------------------------------------------------------------------


def another_kind(cell: Cell, chance: random.Random) -> object:
    """Something of another kind: a word, a date or yes for a number, another word for yes."""
    junk = (
        "n/a", "see note", "about 5", "5 t", "5-10", "=", "oui", "x", "ja", True, False, dt.datetime(2030, 1, 1),  # noqa: DTZ001
        dt.time(12, 30), 7, 0.5,
    )  # fmt: skip
    wrong = [value for value in junk if find_wrong_kind(cell.rule, value)]
    return chance.choice(wrong) if wrong else None


def percent_for_share(cell: Cell, chance: random.Random) -> object:
    """The share as a percentage, as a number or with its sign."""
    if cell.rule.unit != "share" or not cell.number:
        return None
    percent = round(100 * cell.number, 6)
    return chance.choice((percent, f"{percent:g} %", f"{percent:g}%")) if percent > 1 else f"{percent:g} %"


def look_of_a_number(cell: Cell, chance: random.Random) -> object:
    """The number as other languages, units and tired eyes write it."""
    if cell.number is None:
        return None
    text, whole = f"{cell.number:g}", f"{int(cell.number):,}"
    looks = [
        text.replace(".", ","), f"{cell.number:.2f}".replace(".", ","), f"{text} t", f"~{text}", f"<{text}", f"{text}*",
        text.replace("0", "O"), text.replace("1", "l"), f"({text})", f"{text}-", f"{text}?", f"{text}.", f"'{text}",
        "".join(chr(0xFEE0 + ord(sign)) if sign.isdigit() else sign for sign in text), f"{text}k", f"USD {text}",
        f"{text}..{text}", f"{text}/{text}", f"1 x {text}", f"{text[:1]}_{text[1:]}",
    ]  # fmt: skip
    if cell.number >= 1000:
        looks += [whole, whole.replace(",", "."), whole.replace(",", " "), whole.replace(",", "'"), f"{whole}.00",
                  whole.replace(",", ".") + ",00"]  # fmt: skip
    different = [look for look in looks if look != text]
    return chance.choice(different)


def other_unit(cell: Cell, chance: random.Random) -> object:
    """A number in another unit, so large that nobody can have meant it; or a negative one."""
    if cell.number is None:
        return None
    factors = (1e3, 1e6, 1e9, 1e12, -1)
    wrong = [cell.number * factor for factor in factors if find_implausible(cell.rule, cell.number * factor)]
    return chance.choice(wrong) if wrong else None


def misspelt(cell: Cell, chance: random.Random) -> object:
    """A word that must be spelt as it is elsewhere, with a letter too many, too few, another or exchanged."""
    is_word = cell.rule.kind in (Kind.CHOICE, Kind.REFERENCE) or (cell.sheet, cell.key) in _WORDS
    if not is_word or not isinstance(cell.value, str) or cell.value in ("*", "none"):
        return None
    return misspell(cell.value, chance)


_WORDS = {("changes", key) for key in ("sheet", "where", "column", "years")} | {("uncertainty", "where")}


def misspell(word: str, chance: random.Random) -> str:
    """A word with a typing error in it."""
    at = chance.randrange(len(word))
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + chance.choice("aeinrt_ -.,;=0129*") + word[at + 1 :],
            word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            word.replace("o", "\u043e", 1),
            word.replace("_", " "),
            f"{word}\u00a0",
            f"\u200b{word}",
            word.swapcase(),
            f"'{word}'",
        ]
    )


def name_of_its_own(cell: Cell, chance: random.Random) -> object:
    """A name in the key of its row that is also used elsewhere, misspelt."""
    is_name = cell.rule.kind is Kind.IDENTIFIER and isinstance(cell.value, str) and len(cell.value) > 2
    return misspell(cell.value, chance) if is_name else None


def formula(cell: Cell, _: random.Random) -> object:
    """A formula that no program has calculated."""
    return "=1+1" if cell.number is None else f"={cell.number:g}*1"


def excel_error(_: Cell, chance: random.Random) -> object:
    """What a formula shows that cannot be calculated."""
    return chance.choice(("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?"))


def _used_elsewhere(grids: Grids, cell: Cell) -> bool:
    """Whether the name in a cell stands anywhere else, but for words that only readers look at."""
    return sum(
        str(cell.value) in str(value).replace("=", ",").replace(";", ",").replace(" ", "").split(",")
        for grid in grids.values() for row in grid[1:] for key, value in zip(grid[0], row, strict=True)
        if key not in WITHOUT_MEANING
    ) > 1  # fmt: skip


def _of_cell(change: Callable[[Cell, random.Random], object]) -> Callable[[Grids, random.Random], Slip | None]:
    def make(grids: Grids, chance: random.Random) -> Slip | None:
        cells = cells_of(grids)
        for cell in chance.sample(cells, len(cells)):
            said = change(cell, chance)
            if said is None or said == cell.value or (change is name_of_its_own and not _used_elsewhere(grids, cell)):
                continue
            changed = copied(grids)
            changed[cell.sheet][cell.row][cell.place] = said
            return Slip(change.__name__, cell.sheet, cell.row, str(cell.key), said, changed)
        return None

    return make


# --- Keys, rows and columns ------------------------------------------------------------------------------------------


def odd_year(grids: Grids, chance: random.Random) -> Slip | None:
    """The key of a year column that is no year of the plan, or stands out of order or twice."""
    sheet = _any_sheet(grids, chance, lambda _, grid: sum(isinstance(key, int) for key in grid[0]) > 1)
    if sheet is None:
        return None
    grid = grids[sheet]
    places = [place for place, key in enumerate(grid[0]) if isinstance(key, int)]
    place = chance.choice(places)
    year = grid[0][place]
    first, last = (next(row[1] for row in grids["settings"] if row[0] == key) for key in ("first_year", "last_year"))
    odd = chance.choice([
        year + 1000, year - 1000, int(str(year)[:2] + str(year)[:1:-1]), year * 10, str(year)[2:], f"FY{year}",
        f"{year}*", f"{year}-{year + 1}", str(year).replace("0", "O"), None, f"{year}.5", year - 100,
        grid[0][chance.choice(places)], f"y{year}",
    ])  # fmt: skip
    if odd == year or (isinstance(odd, int) and first <= odd <= last and odd not in grid[0]):
        return None
    return _with_key(grids, sheet, place, odd, "odd_year")


def odd_key(grids: Grids, chance: random.Random) -> Slip | None:
    """The key of a column misspelt or missing."""
    sheet = chance.choice(sorted(KNOWN & grids.keys()))
    places = [
        place for place, key in enumerate(grids[sheet][0])
        if isinstance(key, str) and any(row[place] not in (None, "") for row in grids[sheet][1:])
        and key not in WITHOUT_MEANING
    ]  # fmt: skip
    if not places:
        return None
    place = chance.choice(places)
    said = chance.choice([misspell(grids[sheet][0][place], chance)] * 4 + [None])
    return None if said == grids[sheet][0][place] else _with_key(grids, sheet, place, said, "odd_key")


def _with_key(grids: Grids, sheet: str, place: int, said: object, kind: str) -> Slip:
    changed = copied(grids)
    changed[sheet][0][place] = said
    return Slip(kind, sheet, 0, str(grids[sheet][0][place]), said, changed)


def exchanged_keys(grids: Grids, chance: random.Random) -> Slip | None:
    """The keys of two columns exchanged, where what then stands below them cannot be meant."""
    sheet = _any_sheet(grids, chance, lambda name, grid: name in KNOWN and len(grid[0]) > 1)
    if sheet is None:
        return None
    grid = grids[sheet]
    one, other = chance.sample(range(len(grid[0])), 2)
    changed = copied(grids)
    keys = changed[sheet][0]
    keys[one], keys[other] = keys[other], keys[one]
    return _if_senseless(Slip("exchanged_keys", sheet, 0, f"{keys[one]} and {keys[other]}", "exchanged", changed))


def shifted_row(grids: Grids, chance: random.Random) -> Slip | None:
    """A row that stands a column too far to the right from somewhere on, where that cannot be meant."""
    sheet = _any_sheet(grids, chance, lambda _, grid: len(grid) > 1 and len(grid[0]) > 2)
    if sheet is None:
        return None
    changed = copied(grids)
    row = chance.randrange(1, len(changed[sheet]))
    place = chance.randrange(len(changed[sheet][0]) - 1)
    values = changed[sheet][row]
    changed[sheet][row] = [*values[:place], None, *values[place:-1]]
    if changed == grids:
        return None
    return _if_senseless(Slip("shifted_row", sheet, row, str(grids[sheet][0][place]), "shifted", changed))


def _if_senseless(slip: Slip) -> Slip | None:
    """The slip, where a cell of its sheet (of its row) holds what cannot be meant."""
    grid = slip.grids[slip.sheet]
    for row in grid[1:] if slip.row == 0 else [grid[slip.row]]:
        record = dict(zip(grid[0], row, strict=True))
        for key, value in record.items():
            rule = rule_of(slip.sheet, key, record)
            if rule is not None and (find_wrong_kind(rule, value) or find_implausible(rule, value)):
                return slip
    return None


def repeated_row(grids: Grids, chance: random.Random) -> Slip | None:
    """A row that stands twice, perhaps with another number."""
    sheet = _any_sheet(grids, chance, lambda name, grid: name in KNOWN and len(grid) > 1)
    if sheet is None:
        return None
    changed = copied(grids)
    row = chance.randrange(1, len(changed[sheet]))
    again = list(changed[sheet][row])
    key = SHEET[OLD_SHEETS.get(sheet, sheet)].key
    record = zip(changed[sheet][0], again, strict=True)
    numbers = [
        place for place, (name, value) in enumerate(record)
        if isinstance(value, float | int) and value and name not in key
    ]  # fmt: skip
    # A row without a key may stand there with another number and mean it.
    if key and numbers and chance.random() < 0.5:
        again[chance.choice(numbers)] *= 2
    place = chance.randrange(row, len(changed[sheet])) + 1
    changed[sheet].insert(place, again)
    return Slip("repeated_row", sheet, place, "all columns", again, changed)


_ADDED_UP = ("demand", "prices", "facilities", "recipes", "routes", "scrap", "contents", "outlets", "stockpiles",
             "contracts_in_force", "support_budgets")  # fmt: skip
"""Sheets in which a planner may add up numbers below the rows."""


def totals(grids: Grids, chance: random.Random) -> Slip | None:
    """A row below the others that adds up their numbers."""
    sheet = _any_sheet(grids, chance, lambda name, grid: name in _ADDED_UP and len(grid) > 2)
    if sheet is None:
        return None
    changed = copied(grids)
    grid = changed[sheet]
    word = chance.choice(("Total", "total", "Sum", "all", "TOTAL", "Summe", "Grand total", "world", None))
    row = [_sum_of(grid, place) for place in range(len(grid[0]))]
    keys = [place for place, key in enumerate(grid[0]) if key in SHEET[sheet].key]
    for place in keys:
        row[place] = grid[1][place] if chance.random() < 0.5 and place != keys[0] else None
    row[keys[0]] = word
    if not any(value is not None for value in row):
        return None
    grid.append(row)
    return Slip("totals", sheet, len(grid) - 1, str(grid[0][keys[0]]), row, changed)


def _sum_of(grid: Grid, place: int) -> object:
    values = [row[place] for row in grid[1:] if row[place] not in (None, "")]
    if values and all(isinstance(value, int | float) for value in values):
        return sum(values)
    # A word that is the same in all rows is filled in as well.
    return values[0] if values and len(set(map(str, values))) == 1 and isinstance(values[0], str) else None


def repeated_column(grids: Grids, chance: random.Random) -> Slip | None:
    """A column that stands twice, the second time with other numbers."""
    sheet = _any_sheet(grids, chance, lambda _, grid: len(grid) > 1)
    if sheet is None:
        return None
    changed = copied(grids)
    place = chance.randrange(len(changed[sheet][0]))
    for number, row in enumerate(changed[sheet]):
        value = row[place]
        row.append(value * 2 if number and isinstance(value, int | float) else value)
    return Slip("repeated_column", sheet, 0, str(grids[sheet][0][place]), "twice", changed)


def odd_sheet(grids: Grids, chance: random.Random) -> Slip | None:
    """A sheet whose name is misspelt."""
    sheet = chance.choice(sorted(KNOWN & grids.keys()))
    said = misspell(sheet, chance).strip("'").replace("*", "x")
    if said.casefold() in {name.casefold() for name in grids} or not said or said.startswith("_"):
        return None
    changed = {said if name == sheet else name: grid for name, grid in copied(grids).items()}
    return Slip("odd_sheet", sheet, -1, "the sheet", said, changed)


def _any_sheet(grids: Grids, chance: random.Random, fits: Callable[[str, Grid], bool]) -> str | None:
    names = [name for name, grid in sorted(grids.items()) if fits(name, grid)]
    return chance.choice(names) if names else None


KINDS: dict[str, Callable[[Grids, random.Random], Slip | None]] = {
    **{
        change.__name__: _of_cell(change)
        for change in (another_kind, percent_for_share, look_of_a_number, other_unit, misspelt, name_of_its_own,
                       formula, excel_error)
    },
    **{
        make.__name__: make
        for make in (odd_year, odd_key, exchanged_keys, shifted_row, repeated_row, totals, repeated_column, odd_sheet)
    },
}  # fmt: skip
"""Every kind of typing error."""


def draw_slip(grids: Grids, chance: random.Random) -> Slip:
    """Draw a typing error of a world."""
    while True:
        slip = KINDS[chance.choice(sorted(KINDS))](grids, chance)
        if slip is not None:
            return slip
