"""Units: every unit of the schema is known, and compares with itself only without a factor."""

from __future__ import annotations

import itertools

import pytest

from model.workbook.schema import SETTINGS, SHEETS
from model.workbook.units import factor_between, read_unit

UNITS = sorted(
    {column.unit for sheet in SHEETS for column in sheet.columns if column.unit}
    | {sheet.years.unit for sheet in SHEETS if sheet.years and sheet.years.unit}
    | {setting.unit for setting in SETTINGS if setting.unit}
)


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_asked_is_known(unit):
    assert read_unit(unit) is not None
    assert factor_between(unit, unit) == 1.0


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(UNITS, 2)))
def test_different_units_are_told_apart(one, other):
    same = {"share", "t/t", "multiple"}
    years = {"year", "years"}
    assert (factor_between(one, other) is None) == (not {one, other} <= same and not {one, other} <= years)


def test_factors_there_and_back():
    for found, asked in (("kt/yr", "t/yr"), ("USD/lb", "USD/t"), ("%", "share"), ("USD", "USD million")):
        there, back = factor_between(found, asked), factor_between(asked, found)
        assert there is not None
        assert back is not None
        assert there * back == pytest.approx(1.0)
