"""What the reports need to know of the workbook: its materials, facilities, contents, inputs and budgets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from model.workbook.pathways import pathway
from model.workbook.schema import ALL, SHEET
from model.workbook.tables import Record, Tables


@dataclass(frozen=True)
class MaterialInfo:
    """A material: its name, stage, mineral, and every mineral in it."""

    name: str
    mineral: str
    stage: str
    minerals: tuple[str, ...]

    @property
    def short(self) -> str:
        """The name without what it says in brackets."""
        return self.name.partition(" (")[0]


@dataclass(frozen=True)
class Plant:
    """A facility: its name, where it stands, and what it makes."""

    name: str
    owner: str
    region: str
    pathway: str
    output: str


class Budget(NamedTuple):
    """What a pot may pay in a year of a scenario."""

    scenario: str
    pot: str
    view: str
    materials: tuple[str, ...]
    offers: tuple[str, ...]
    year: int
    usd_million: float


class Part(NamedTuple):
    """Tonnes of a mineral in a tonne of a material, in a scenario."""

    scenario: str
    material: str
    stage: str
    mineral: str
    content: float


class Input(NamedTuple):
    """Tonnes of a material a facility uses for a tonne of its main output, in a scenario."""

    scenario: str
    facility: str
    material: str
    used: float


def find_materials(base: Tables) -> dict[str, MaterialInfo]:
    """Return every material of the workbook, with the minerals in it."""
    minerals = {record.text("material"): [record.text("mineral")] for record in base["materials"]}
    for record in base["contents"]:
        minerals[record.text("material")].append(record.text("mineral"))
    return {
        record.text("material"): MaterialInfo(
            str(record["name"] or record["material"]), record.text("mineral"), record.text("stage"),
            tuple(minerals[record.text("material")]),
        )
        for record in base["materials"]
    }  # fmt: skip


def find_plants(base: Tables, year: int) -> dict[str, Plant]:
    """Return every facility of the workbook, with its pathway in a year."""
    standing = {record.text("region"): str(record.at("standing", year)) for record in base["regions"]}
    return {
        record.text("facility"): Plant(
            str(record["name"] or record["facility"]), str(record["owner"] or ""), record.text("region"),
            pathway(record.text("kind"), standing.get(record.text("region"), "other")), record.text("output"),
        )
        for record in base["facilities"]
    }  # fmt: skip


def find_parts(scenario: str, world: Tables) -> Iterator[Part]:
    """Yield what the materials of a scenario hold."""
    stage = {record.text("material"): record.text("stage") for record in world["materials"]}
    for sheet, column in (("materials", "content"), ("contents", "t_per_t")):
        for record in world.of(sheet):
            material, held = record.text("material"), record.number(column)
            if held > 0:
                yield Part(scenario, material, stage[material], record.text("mineral"), held)


def find_inputs(scenario: str, world: Tables) -> Iterator[Input]:
    """Yield what the facilities of a scenario use."""
    for record in world["recipes"]:
        if record["role"] == "input":
            yield Input(scenario, record.text("facility"), record.text("material"), record.number("t_per_t"))


def find_budgets(scenario: str, world: Tables) -> Iterator[Budget]:
    """Yield the budget of every pot, view and year of a scenario."""
    names = tuple(record.text("offer") for record in world["support_offers"])
    for record in world["support_budgets"]:
        offers = names if ALL in record.names("offers") else record.names("offers")
        for year in world.horizon:
            yield Budget(scenario, record.text("pot"), record.text("view"), find_selected(world, record), offers, year,
                         record.years[year])  # fmt: skip


def find_selected(world: Tables, record: Record) -> tuple[str, ...]:
    """Return the materials a row is about."""
    named = record.names("materials" if "materials" in SHEET[record.sheet].by_key else "material")
    return tuple(other.text("material") for other in world["materials"]) if ALL in named else named
