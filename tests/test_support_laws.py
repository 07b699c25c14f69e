"""Laws of public support on random worlds: what more forms, other forms and a slump may and may not change."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from model.results.awards import find_support
from tests.support.sheets import Sheets
from tests.support.solved_worlds import SEEDS, base_of, solve_world

TERMS: dict[str, dict[str, Any]] = {
    "two_way": {"term_years": 8},
    "floor": {"term_years": 8},
    "premium": {"term_years": 8},
    "grant": {},
    "loan": {"term_years": 10, "loan_rate": 0.01},
}


def offering(seed: int, *forms: str, **settings: float) -> Sheets:
    """A random world in which these forms are on offer to all, without budgets."""
    sheets = base_of(seed)
    for name in ("cfd_offers", "cfd_budgets", "support_budgets"):
        sheets.pop(name, None)
    sheets.pop("support_offers", None)
    if forms:
        sheets["support_offers"] = [{"offer": f"by_{form}", "form": form, **TERMS[form]} for form in forms]
    sheets["settings"] = [row for row in sheets["settings"] if row["setting"] not in settings] + [
        {"setting": key, "value": value} for key, value in settings.items()
    ]
    return sheets


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_more_forms_on_offer_never_cost_more(seed, tmp_path: Path):
    costs = [solve_world(offering(seed, *list(TERMS)[:n]), tmp_path / str(n)).objective for n in range(len(TERMS) + 1)]
    assert all(more <= less + 1e-7 * abs(less) for less, more in itertools.pairwise(costs))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_slump_moves_contracts_only(seed, tmp_path: Path):
    plan = solve_world(offering(seed, *TERMS, cfd_stress_price_drop=0.4), tmp_path)
    for support in find_support(plan):
        expected, stress = (support.net_present(plan, view) for view in ("expected", "stress"))
        if support.form in ("premium", "grant", "loan"):
            assert stress == expected
        else:
            assert stress >= expected - 1e-9
