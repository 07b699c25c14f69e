"""Limited foresight by hand: what nobody sees coming is decided too late."""

from __future__ import annotations

import pytest

from model.analyses.foresight import find_foresight, see
from model.analyses.register import run_analysis
from model.scenarios.merge import merge
from tests.support.inquiries import LosingPool, ask, rows_of
from tests.support.sheets import Sheets
from tests.support.tables import tables_of
from tests.support.world_builder import make_world, market, project


def world(seen: int, settings=None, **sheets) -> Sheets:
    """100 t/yr from 2030 to 2033, from China at 400 USD/t until a ban in 2032; a tonne that is missing costs 5,000.

    A mill at home takes two years, costs 1,200 a t/yr over three, 400 a year, and makes at 100: more than China asks.
    """
    mill = project("mill", capacity_tpa=100, lead_time_years=2, life_years=3, hurdle_rate=0, capex_usd_per_tpa=1200,
                   variable_usd_per_t=100)  # fmt: skip
    return make_world(
        {"last_year": 2033, "foresight_years": seen} | (settings or {}), demand=[{2030: 100}], prices=[{2030: 399}],
        facilities=[market("china", region="CHN"), mill], routes=[{"from_region": "CHN"}],
        export_limits=[{"limit": "ban", "from_region": "CHN", 2030: "none", 2032: 0}],
        scenarios=[{"scenario": "base"}], **sheets,
    )  # fmt: skip


def costs(sheets: Sheets) -> tuple[float, float]:
    """The cost with limited and with full foresight, USD."""
    rows = rows_of(find_foresight(ask(sheets)), "foresight").set_index("measure")
    return 1e6 * rows.loc["cost", "limited"], 1e6 * rows.loc["cost", "full"]


BOUGHT = 2 * 100 * 400
"""What 2030 and 2031 cost in any case."""


def test_a_ban_that_nobody_sees_coming():
    """Seen in 2032 only, the ban leaves 2032 and 2033 short: a mill decided then is online in 2034, too late.

    Foreseen, the mill is decided in 2030 and makes 100 t in 2032 and 2033 for 400 + 100 each: 100,000 instead of a
    shortage of 1,000,000.
    """
    limited, full = costs(world(1))
    assert limited == pytest.approx(BOUGHT + 2 * 100 * 5000)
    assert full == pytest.approx(BOUGHT + 2 * 100 * 500)


def test_seeing_two_years_is_a_year_too_late():
    """In 2031 the ban of 2032 is seen, and a mill decided that is online in 2033: 2032 alone is short."""
    limited, _ = costs(world(2))
    assert limited == pytest.approx(BOUGHT + 100 * 5000 + 100 * 500)
    found = rows_of(find_foresight(ask(world(2))), "foresight_builds")
    (row,) = found.itertuples()
    assert (row.facility, row.limited_year, row.full_year, row.years_late) == ("mill", 2031, 2030, 1)
    assert (row.limited_t_per_year, row.full_t_per_year) == (pytest.approx(100), pytest.approx(100))


def test_seeing_as_far_as_a_mill_takes_is_as_good_as_seeing_all():
    limited, full = costs(world(3))
    assert limited == pytest.approx(full)
    assert len(rows_of(find_foresight(ask(world(3))), "foresight_builds")) == 0


def test_each_year_builds_on_the_one_before_so_that_no_worker_can_be_lost():
    found = run_analysis("foresight", ask(world(1), LosingPool()))
    assert [model["status"] for model in found.models] == ["optimal"] * 4


def test_what_is_not_seen_is_taken_to_stay():
    tables = merge(tables_of(world(1)), "base").tables
    looked = see(tables, 2031)
    assert looked["export_limits"][0].years == {2030: float("inf"), 2031: float("inf"), 2032: float("inf"),
                                                2033: float("inf")}  # fmt: skip
    assert see(tables, 2032)["export_limits"][0].years[2033] == 0
    assert tables["export_limits"][0].years[2032] == 0, "the plan's own tables stay as they are"


def test_a_stock_is_not_kept_for_a_ban_that_is_not_seen():
    """200 t in store: at 10 % they are used up at once by someone who sees no ban.

    Foreseen, 100 t are used in 2030 and bought again in 2031, with the 100 t wanted then; 200 t wait for the ban.
    """
    stock = {"initial_t": 200, "max_t": 200, "final_t": 0}
    limited, full = costs(world(1, {"social_discount_rate": 0.1}, stockpiles=[stock]))
    assert full == pytest.approx(200 * 400 / 1.1)
    assert limited == pytest.approx(100 * 5000 * (1.1**-2 + 1.1**-3))
