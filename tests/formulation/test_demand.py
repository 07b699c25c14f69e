"""Serving demand (model/formulation/demand.py)."""

from __future__ import annotations

from tests.support.algebra import Program, says
from tests.support.world_builder import make_world, plant


def test_demand_balance_of_delivered_saved_and_unmet():
    p = Program(
        make_world(
            demand=[{2030: 100, 2031: 120}],
            facilities=[plant("mill", concern_share=0.5), plant("thrift", kind="substitution", online_year=2031)],
        )
    )
    assert p.row("demand_balance[cars/metal/USA,2030]") == says(
        "deliver[cars/metal/USA,clear,2030] + deliver[cars/metal/USA,exposed,2030] + unmet[cars/metal/USA,2030] == 0.1"
    )
    assert p.row("demand_balance[cars/metal/USA,2031]") == says(
        "deliver[cars/metal/USA,clear,2031] + deliver[cars/metal/USA,exposed,2031]"
        " + save[thrift,cars/metal/USA,2031] + unmet[cars/metal/USA,2031] == 0.12"
    )


def test_no_exposed_delivery_where_nothing_exposed_can_arrive():
    p = Program(
        make_world(
            demand=[{2030: 100}, {"region": "CAN", 2030: 50}],
            facilities=[plant("mill"), plant("east", region="CHN")],
            routes=[{"from_region": "CHN", "to_region": "CAN"}],
        )
    )
    assert p.variables("deliver") == {
        f"{d},{t}" for t in (2030, 2031) for d in ("cars/metal/USA,clear", "cars/metal/CAN,exposed")
    }


def test_demand_balance_without_any_supply_is_unmet():
    p = Program(make_world(demand=[{2030: 100}]))
    assert p.row("demand_balance[cars/metal/USA,2030]") == says("unmet[cars/metal/USA,2030] == 0.1")
    assert not p.variables("deliver")


def test_no_demand_balance_in_years_without_demand():
    p = Program(make_world(demand=[{2030: 0, 2031: 5}, {"segment": "grid", 2030: 0}], facilities=[plant("mill")]))
    assert p.rows("demand_balance") == p.variables("unmet") == {"cars/metal/USA,2031"}
    assert p.variables("deliver") == {"cars/metal/USA,clear,2031"}
