"""Scrap and substitution, by hand. A seller asks 400 USD/t."""

from __future__ import annotations

import pytest

from tests.support.world_builder import make_world, market, plant


def world(**sheets):
    return make_world(
        demand=[{2030: 100}],
        prices=[{2030: 400}],
        facilities=[market("seller", concern_share=1), plant("melter", kind="recycling", variable_usd_per_t=50)],
        recipes=[{"facility": "melter", "material": "scrap"}],
        **sheets,
    )


def test_deliveries_come_back_after_their_lifetime(solve):
    """Half of 100 t comes back in 2031, 0.8 of it is collected: 40 t at 30 + 50. What was exposed comes back clear."""
    found = solve(
        world(
            scrap=[{"quantity": "collection_rate", 2030: 0.8}, {"quantity": "collection_usd_per_t", 2030: 30}],
            returns=[{"lifetime_years": 1, "t_per_t": 0.5}],
        )
    )
    assert found.each("collect") == {"scrap,USA,2031": 40}
    assert found.t("deliver", "cars/metal/USA", "clear", 2031) == pytest.approx(40)
    assert found.usd == pytest.approx(100 * 400 + 60 * 400 + 40 * 80)


def test_arisings_are_collected_while_they_pay(solve):
    """10 t at 360 + 50 are dearer than 400; at 340 + 50 they are not."""
    found = solve(
        world(
            scrap=[
                {"quantity": "arisings", 2030: 10},
                {"quantity": "collection_usd_per_t", 2030: 360, 2031: 340},
            ]
        )
    )
    assert found.each("collect") == {"scrap,USA,2031": 10}
    assert found.usd == pytest.approx(100 * 400 + 90 * 400 + 10 * 390)


def test_new_scrap_is_a_coproduct(solve):
    """Of each tonne of wire a quarter falls off as scrap; the melter (50) turns it into metal that costs 400.

    4 t of wire need 4 t of metal, of which 1 t is remelted.
    """
    sheets = world(
        materials=[{"material": "wire", "mineral": "tin", "stage": "refining", "shortage_cost_usd_per_t": 9000}]
    )
    sheets["demand"] = [{"segment": "cars", "material": "wire", "region": "USA", 2030: 4}]
    sheets["facilities"].append({"facility": "drawer", "region": "USA", "output": "wire", "capacity_tpa": 1000})
    sheets["recipes"] += [
        {"facility": "drawer", "material": "metal", "role": "input", "t_per_t": 1},
        {"facility": "drawer", "material": "scrap", "role": "coproduct", "t_per_t": 0.25},
    ]
    # All is exposed, the remelted part too: it is scrap of exposed metal that nobody collected from use.
    found = solve(sheets)
    assert found.t("activity", "melter", 2030) == pytest.approx(1)
    assert found.usd == pytest.approx(2 * (3 * 400 + 50))


def test_substitution_saves_demand_and_is_clear(solve):
    """25 t a year are saved at 100; the cap on exposure leaves 60 t of the seller, 15 t are unmet."""
    sheets = world(exposure_caps=[{2030: 0.6}])
    sheets["facilities"].append(plant("thrift", kind="substitution", capacity_tpa=25, variable_usd_per_t=100)
                                | {"region": "USA", "output": "metal"})  # fmt: skip
    found = solve(sheets)
    assert found.t("save", "thrift", "cars/metal/USA", 2030) == pytest.approx(25)
    assert found.t("unmet", "cars/metal/USA", 2030) == pytest.approx(15)
    assert found.usd == pytest.approx(2 * (25 * 100 + 60 * 400 + 15 * 5000))
