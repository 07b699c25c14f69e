"""The page of equations, read from the formulation's own code, and the links between it and inputs/README.md.

`python -m model.formulation.equations` writes both pages.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from model.formulation.components import (
    FORMULATION,
    KINDS,
    LETTERS,
    THEMES,
    Component,
    find_components,
    find_cost_terms,
    find_equations,
    find_symbols,
)
from model.formulation.rows import ROW
from model.formulation.symbols import INDICES, SYMBOLS
from model.workbook.dictionary import anchor_of, readme_text

PAGE = FORMULATION / "README.md"

INPUTS = Path(__file__).parents[2] / "inputs" / "README.md"

_HEAD = """# The linear program

Generated from the docstrings of this folder, `symbols.py` and `rows.py` by `python -m model.formulation.equations`; do
not edit. Inside the program amounts are kt and money is USD million. All decisions are continuous and not negative; a
decision or row exists only where it can matter. Columns link to their description in
[inputs/README.md](../../inputs/README.md), which links back.
"""

_ALWAYS = "A plan can always satisfy it: plants can stand still, and demand can go unmet at its shortage cost."

_CONFLICT = "**It can make a plan impossible.**"


def page_text() -> str:
    """Return the page of equations."""
    parts = [_HEAD, "## Index letters\n", _index_table(), "## Symbols\n", _symbol_table()]
    for theme in THEMES:
        path = FORMULATION / f"{theme}.py"
        title = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").splitlines()[0]
        parts.append(f"## {theme.capitalize()}\n\n{title}\n")
        components = list(find_components(path))
        for kind, heading in KINDS.items():
            chosen = [component for component in components if component.kind == kind]
            if chosen:
                parts.append(f"**{heading}**\n")
                parts += [_describe(component) for component in chosen]
    parts.append("**Cost terms**\n")
    parts += [_describe_term(name, equation) for name, equation in find_cost_terms()]
    return "\n".join(parts)


def inputs_text() -> str:
    """Return the text of inputs/README.md, in which every column links to its equations."""
    links: dict[str, list[str]] = {}
    for name, equation in find_equations().items():
        for column in _columns_in(equation):
            links.setdefault(column, []).append(f"[{name}](../model/formulation/README.md#eq-{name})")
    return readme_text({column: ", ".join(found) for column, found in links.items()})


def _columns_in(equation: str) -> list[str]:
    known = [_SYMBOL[name] for name in find_symbols(equation) if name in _SYMBOL]
    return list(dict.fromkeys(source for symbol in known for source in symbol.sources))


def _index_table() -> str:
    rows = (
        (
            f"`{index.letter}`",
            index.meaning,
            _code(index.code),
            ", ".join(f"[{s}](../../inputs/README.md#{s})" for s in index.sheet.split(", ") if s),
        )
        for index in INDICES
    )
    return _table(("letter", "what it runs over", "in the code", "sheet"), rows)


def _symbol_table() -> str:
    """Decisions and expressions first, then the knowns."""
    text = "\n".join(find_equations().values())
    rows = []
    for theme in THEMES:
        for component in find_components(FORMULATION / f"{theme}.py"):
            if component.kind in ("Var", "Expression"):
                doc, _, unit = component.doc.rstrip("]").rpartition(" [")
                indices = re.findall(rf"\b{component.name}(\[[^\]]*\])", text)
                index = min(indices, key=lambda found: (_is_special(found), indices.index(found)))
                rows.append(
                    (
                        f"`{component.name}{index}`",
                        _link(component.name, doc),
                        _code(f"m.{component.name}"),
                        "",
                        unit,
                    )
                )
    rows += [
        (
            f"`{symbol.symbol}`",
            symbol.meaning,
            _code(symbol.code),
            ", ".join(map(_column, symbol.sources)),
            symbol.given_in,
        )
        for symbol in SYMBOLS
    ]
    return _table(("symbol", "meaning", "in the code", "sheet and column", "unit"), rows)


def _is_special(index: str) -> bool:
    """Whether an index names a member, not only letters."""
    return not set(index.strip("[]").split(",")) <= LETTERS


def _describe(component: Component) -> str:
    lines = [f'- <a id="eq-{component.name}"></a>`{component.name}`: {component.doc}\n']
    if component.equation:
        lines.append(f"  ```\n{_indent(component.equation)}\n  ```\n")
        lines += [f"  {line}\n" for line in _notes(component)]
    return "\n".join(lines)


def _notes(component: Component) -> Iterator[str]:
    """What a planner asks of an equation: its columns, its shadow price, and whether it can make a plan impossible."""
    if component.kind == "Constraint":
        row = ROW[component.name]
        price = row.price if isinstance(row.price, str) else f"{row.price.meaning} [{row.price.unit}]"
        yield f"Shadow price: {price}. {_CONFLICT if row.conflict else _ALWAYS}"
    columns = _columns_in(component.equation)
    if columns:
        yield f"Columns: {', '.join(map(_column, columns))}"


def _describe_term(name: str, equation: str) -> str:
    columns = ", ".join(map(_column, _columns_in(equation)))
    return f'- <a id="eq-{name}"></a>`{name}`: `{" ".join(equation.split())}`. Columns: {columns}\n'


def _column(source: str) -> str:
    return f"[{source}](../../inputs/README.md#{anchor_of(*source.split('.'))})"


def _link(name: str, text: str) -> str:
    return f"[{text}](#eq-{name})"


def _code(names: str) -> str:
    return ", ".join(f"`{name}`" for name in names.split())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


_SYMBOL = {symbol.name: symbol for symbol in SYMBOLS}

if __name__ == "__main__":
    PAGE.write_text(page_text(), encoding="utf-8")
    INPUTS.write_text(inputs_text(), encoding="utf-8")
