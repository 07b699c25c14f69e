"""Collecting scrap (model/formulation/recycling.py)."""

from __future__ import annotations

from tests.support.algebra import Program, says
from tests.support.sheets import Sheets
from tests.support.world_builder import make_world, plant


def world(*scrap, returns=(), region="USA", last_year=2032) -> Sheets:
    return make_world(
        {"last_year": last_year},
        demand=[{2030: 100}, {"segment": "grid", 2030: 50}, {"region": "CAN", 2030: 10}],
        facilities=[plant("mill", concern_share=0.5), plant("melter", kind="recycling", region=region)],
        recipes=[{"facility": "melter", "material": "scrap"}],
        scrap=list(scrap),
        returns=list(returns),
    )


def test_collection_limit_of_arisings():
    p = Program(world({"quantity": "arisings", 2030: 40}, {"quantity": "collection_rate", 2030: 0.5, 2031: 0.6}))
    assert p.rows("collection_limit") == p.variables("collect") == {f"scrap,USA,{t}" for t in (2030, 2031, 2032)}
    assert p.row("collection_limit[scrap,USA,2030]") == says("collect[scrap,USA,2030] <= 0.02")
    assert p.row("collection_limit[scrap,USA,2031]") == says("collect[scrap,USA,2031] <= 0.024")


def test_collection_limit_of_returns_from_every_delivery_of_the_region():
    """Half of what is delivered comes back after two years; eight tenths of it is collected."""
    p = Program(world({"quantity": "collection_rate", 2030: 0.8}, returns=[{"lifetime_years": 2, "t_per_t": 0.5}]))
    assert p.rows("collection_limit") == {"scrap,USA,2032"}
    assert p.row("collection_limit[scrap,USA,2032]") == says(
        "collect[scrap,USA,2032] <= 0.4 deliver[cars/metal/USA,clear,2030] + 0.4 deliver[cars/metal/USA,exposed,2030]"
        " + 0.4 deliver[grid/metal/USA,clear,2030] + 0.4 deliver[grid/metal/USA,exposed,2030]"
    )


def test_collection_limit_adds_arisings_and_returns():
    p = Program(world({"quantity": "arisings", 2030: 40}, returns=[{"lifetime_years": 2, "t_per_t": 0.5}]))
    row = p.row("collection_limit[scrap,USA,2032]")
    assert row.constant == 0.04
    assert row.terms["deliver[cars/metal/USA,clear,2030]"] == -0.5
    assert p.row("collection_limit[scrap,USA,2031]") == says("collect[scrap,USA,2031] <= 0.04")


def test_no_collection_limit_where_nothing_arises_or_nobody_wants_it():
    assert not Program(world({"quantity": "arisings", 2030: 0})).rows("collection_limit")
    assert not Program(world({"quantity": "collection_rate", 2030: 0.5})).rows("collection_limit")
    assert not Program(world({"quantity": "arisings", 2030: 9}, {"quantity": "collection_rate", 2030: 0})).rows(
        "collection_limit"
    )
    # The only recycler stands in Canada, and no route leads there.
    assert not Program(world({"quantity": "arisings", 2030: 9}, region="CAN")).variables("collect")


def test_returns_after_the_horizon_are_no_scrap():
    assert not Program(world(returns=[{"lifetime_years": 3}])).rows("collection_limit")


def test_collection_limit_of_returns_spread_over_lifetimes():
    """Swarf comes back in the next year, the rest after two."""

    def delivered(rate: float, t: int) -> str:
        rows = [f"deliver[{d}/metal/USA,{o},{t}]" for d in ("cars", "grid") for o in ("clear", "exposed")]
        return " + ".join(f"{rate} {row}" for row in rows)

    returns = [{"lifetime_years": 0, "t_per_t": 0.2}, {"lifetime_years": 2, "t_per_t": 0.5}]
    p = Program(world({"quantity": "collection_rate", 2030: 0.8}, returns=returns))
    assert p.row("collection_limit[scrap,USA,2031]") == says(f"collect[scrap,USA,2031] <= {delivered(0.16, 2030)}")
    assert p.row("collection_limit[scrap,USA,2032]") == says(
        f"collect[scrap,USA,2032] <= {delivered(0.16, 2031)} + {delivered(0.4, 2030)}"
    )
