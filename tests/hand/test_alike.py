"""Demand rows that differ in nothing but their size, by hand."""

from __future__ import annotations

import pytest

from tests.support.world_builder import make_world, plant


def two_segments(cars=50, phones=50, **sheets):
    """100 t of metal in two segments: 60 t come clear from Canada, the rest exposed from China."""
    return make_world(
        {"last_year": 2030},
        **{
            "demand": [{2030: cars}, {"segment": "phones", 2030: phones}],
            "facilities": [
                plant("north", region="CAN", capacity_tpa=60, variable_usd_per_t=90),
                plant("east", region="CHN", capacity_tpa=40, variable_usd_per_t=100),
            ],
            "routes": [{"from_region": "CHN"}, {"from_region": "CAN"}],
        }
        | sheets,
    )


def served(found, segment):
    (row,) = found.table("deliveries", segment=segment, year=2030)
    return [pytest.approx(row[f"{lot}_t"]) for lot in ("clear", "exposed", "saved", "unmet")]


@pytest.mark.parametrize(("cars", "phones"), [(50, 50), (80, 20)])
def test_segments_share_clear_and_exposed_tonnes_by_demand(solve, cars, phones):
    """60 clear and 40 exposed tonnes: each segment is 60 % clear, half and half 30 and 20 t, at 80 to 20 48 and 32 t.

    Which segment gets the clear ones costs nothing: 60 * 90 + 40 * 100 + 100 of freight either way.
    """
    found = solve(two_segments(cars, phones))
    assert served(found, "cars") == [0.6 * cars, 0.4 * cars, 0, 0]
    assert served(found, "phones") == [0.6 * phones, 0.4 * phones, 0, 0]
    assert found.usd == pytest.approx(60 * 90 + 40 * 100 + 100)


def test_what_is_missing_and_what_is_saved_is_shared_too(solve):
    """Of 150 t 10 are saved, 60 clear, 40 exposed and 40 missing: cars with 100 t have two thirds of each."""
    thrift = plant("thrift", region="USA", output="metal", kind="substitution", capacity_tpa=10, variable_usd_per_t=1)
    world = two_segments(100, 50)
    found = solve({**world, "facilities": [*world["facilities"], thrift]})
    whole = [60, 40, 10, 40]
    assert served(found, "cars") == [pytest.approx(2 / 3 * t) for t in whole]
    assert served(found, "phones") == [pytest.approx(1 / 3 * t) for t in whole]


def test_a_segment_with_a_cap_of_its_own_stands_apart(solve):
    """At most a tenth of phones may be exposed: 45 of their 50 t are clear at least, and cars take what is left."""
    found = solve(two_segments(exposure_caps=[{"segment": "phones", 2030: 0.1}]))
    assert found.t("deliver", "phones/metal/USA", "exposed", 2030) <= 5 + 1e-6
    cars = found.t("deliver", "cars/metal/USA", "exposed", 2030)
    assert cars + found.t("deliver", "phones/metal/USA", "exposed", 2030) == pytest.approx(40)
    assert cars >= 35 - 1e-6


def test_a_cap_on_all_segments_is_shared(solve):
    """At most 30 t may be exposed, 60 are clear: 10 t are missing, and each segment lacks a tenth."""
    found = solve(two_segments(exposure_caps=[{2030: 0.3}]))
    assert served(found, "cars") == [30, 15, 0, 5]
    assert served(found, "phones") == [30, 15, 0, 5]


def test_other_materials_and_regions_stand_apart(solve):
    """Ore has a demand of its own, and is not shared with metal: all of it is clear."""
    world = two_segments(
        demand=[{2030: 50}, {"segment": "phones", 2030: 50}, {"segment": "cars", "material": "ore", 2030: 10}]
    )
    world["facilities"].append(plant("pit", region="USA", output="ore"))
    found = solve(world)
    (ore,) = found.table("deliveries", material="ore", year=2030)
    assert ore["clear_t"] == pytest.approx(10)
