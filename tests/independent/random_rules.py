"""Random worlds in which the later rules matter: every rule in a share of the seeds, several at a time.

``world_with_rules(seed)`` starts from the random world of the seed and adds the sheets and columns of the rules that
were drawn for it; ``rules_of(seed)`` names them. The same seed gives the same world.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.independent.random_worlds import FRIEND, HOME, NEUTRAL, RIVAL, Draft, Row, Sheets, draft_world, rounded

LONG = "renewal"
SHARE, LONG_SHARE = 0.4, 0.15  # of the seeds that have a rule; worlds over a long horizon take longest


def rules_of(seed: int, rules: tuple[str, ...] | None = None) -> list[str]:
    """The rules drawn for a seed, at least one, of those that are asked for."""
    rng = random.Random(f"rules of {seed}")
    drawn = {rule: rng.random() for rule in RULES}
    chances = {rule: drawn[rule] for rule in RULES if rules is None or rule in rules}
    shares = {rule: LONG_SHARE if rule == LONG else SHARE for rule in chances}
    return [rule for rule, x in chances.items() if x < shares[rule] or x == min(chances.values())]


def world_with_rules(seed: int, rules: tuple[str, ...] | None = None) -> Sheets:
    """The random world of a seed, with the rules drawn for it."""
    drawn = rules_of(seed, rules)
    draft = draft_world(seed, years=random.Random(seed).randint(14, 18) if LONG in drawn else None)
    draft.rng = random.Random(f"world {seed}")
    for rule in drawn:
        RULES[rule](draft)
    return draft.sheets


def live(draft: Draft, sheet: str) -> list[Row]:
    """Rows of a sheet that are not inactive."""
    return [row for row in draft.sheets.get(sheet, []) if row.get("active") != "no"]


def plants(draft: Draft, *statuses: str, basis: str = "cost", **wanted: object) -> list[Row]:
    """Facilities of some statuses, of one cost basis, whose columns say what is wanted (blank included)."""
    return [
        row
        for row in live(draft, "facilities")
        if (row.get("status") or "operating") in statuses
        and row.get("cost_basis", "cost") == basis
        and row.get("kind") != "substitution"
        and all(row.get(column) == value for column, value in wanted.items())
    ]


def budgets_sheet(draft: Draft) -> str:
    """The name under which the world has its budgets."""
    return "support_budgets" if "support_budgets" in draft.sheets else "cfd_budgets"


# -- public support ---------------------------------------------------------------------------------
def add_support_forms(draft: Draft) -> None:
    """Premiums, grants and loans beside the contracts, pots that name offers, the sheets under their new names."""
    rename(draft, "cfd_offers", "support_offers")
    rename(draft, "cfd_budgets", "support_budgets")
    products = [material for chain in draft.chains.values() for material in chain]
    for form in ("premium", "grant", "loan"):
        if not draft.chance(0.7):
            continue
        materials = draft.rng.choice(["*", "*", ", ".join(draft.rng.sample(products, k=2))])
        draft.add(
            "support_offers",
            offer=f"offer_{form}",
            form=form,
            materials=materials,
            term_years=draft.rng.randint(2, 10),
            first_award_year=draft.year(0, 1) if draft.chance(0.3) else None,
            last_award_year=draft.year(2) if draft.chance(0.3) else None,
            **terms_of(draft, form),
        )
    offers = [str(row["offer"]) for row in live(draft, "support_offers")]
    ends = [chain[-1] for chain in draft.chains.values()]
    turnover = sum(draft.need[good] * draft.price[good] for good in ends) / 1e6
    for view, share in (("expected", 0.02), ("stress", 0.05)):
        if offers and draft.chance(0.5):
            few = draft.rng.choice(["*", ", ".join(draft.rng.sample(offers, k=min(2, len(offers))))])
            pot = draft.add("support_budgets", pot="ministry", view=view, materials="*", offers=few)
            million = turnover * share * draft.rng.uniform(0.05, 1)
            pot.update(draft.path(million, million * draft.rng.uniform(0.3, 1.5), none=0.2))


def rename(draft: Draft, old: str, new: str) -> None:
    """A sheet under its new name, in the changes as well."""
    if old in draft.sheets:
        draft.sheets[new] = draft.sheets.pop(old)
    for change in draft.sheets.get("changes", []):
        if change["sheet"] == old:
            change["sheet"] = new


def terms_of(draft: Draft, form: str) -> dict[str, object]:
    """What an offer of a form says beside its term."""
    if form == "premium":
        return {
            "coverage": draft.between(0.5, 1.0) if draft.chance(0.6) else None,
            "max_strike_multiple": draft.between(0.1, 0.9) if draft.chance(0.6) else None,
        }
    most = draft.between(0.2, 0.9) if draft.chance(0.7) else None
    if form == "grant":
        return {"max_capex_share": most}
    return {
        "max_capex_share": most,
        "loan_rate": draft.between(0.0, 0.05),
        "loan_loss_share": draft.between(0.0, 0.4) if draft.chance(0.6) else None,
    }


def add_construction(draft: Draft) -> None:
    """Years over which capex is spent, within the lead time."""
    for row in plants(draft, "candidate"):
        lead = int(str(row["lead_time_years"]))
        if lead and draft.chance(0.7):
            row["construction_years"] = draft.rng.randint(1, lead)


def add_clawback_value(draft: Draft) -> None:
    """How much of a dollar that comes back counts, where prices swing about the strikes of open offers."""
    draft.add("settings", setting="clawback_value", value=draft.rng.choice([0, 0.5, 0.8]))
    for row in live(draft, "prices"):
        price = draft.price[str(row["material"])]
        for year in range(draft.first + 1, draft.last + 1, 2):
            row[year] = rounded(price * draft.rng.uniform(0.5, 1.6))
    sheet = "support_offers" if "support_offers" in draft.sheets else "cfd_offers"
    for form in ("two_way", "floor_with_share"):
        share = draft.between(0.3, 0.9) if form == "floor_with_share" else None
        draft.add(sheet, offer=f"open_{form}", form=form, term_years=draft.rng.randint(3, 8), upside_share=share)


def add_contracts_in_force(draft: Draft) -> None:
    """Contracts that were signed before, with and without a pot."""
    pots = {str(row["pot"]) for row in live(draft, budgets_sheet(draft))}
    able = [row for row in plants(draft, "operating", "committed") if row["region"] in (HOME, FRIEND)]
    for number, row in enumerate(draft.rng.sample(able, k=min(len(able), draft.rng.randint(1, 3)))):
        form = draft.rng.choice(["two_way", "floor", "floor_with_share", "premium"])
        price = draft.price[str(row["output"])]
        amount = price * (draft.rng.uniform(0.05, 0.3) if form == "premium" else draft.rng.uniform(0.6, 1.5))
        draft.add(
            "contracts_in_force",
            contract=f"signed_{number}",
            facility=row["facility"],
            form=form,
            amount_usd_per_t=rounded(amount),
            upside_share=draft.between(0.2, 0.6) if form == "floor_with_share" else None,
            covered_tpa=rounded(float(str(row["capacity_tpa"])) * draft.rng.uniform(0.2, 1.2)),
            first_year=draft.first + draft.rng.randint(-3, 1),
            last_year=draft.last + draft.rng.randint(-2, 4),
            pot=draft.rng.choice(sorted(pots)) if pots and draft.chance(0.6) else None,
        )


# -- trade and markets --------------------------------------------------------------------------------
def add_trade_pace(draft: Draft) -> None:
    """Suppliers that grow slowly, and buyers that do not drop them at once."""
    for row in live(draft, "routes"):
        if not draft.chance(0.5):
            continue
        size = draft.need.get(str(row["material"]), max(draft.need.values()))
        row["flow_tpa"] = rounded(size * draft.rng.uniform(0.05, 0.6)) if draft.chance(0.7) else None
        if draft.chance(0.7):
            row["growth"] = draft.between(0.0, 0.5)
            row["start_tpa"] = rounded(size * draft.rng.uniform(0.05, 0.3)) if draft.chance(0.9) else None
        if draft.chance(0.7):
            row["decay"] = draft.between(0.1, 0.8)
            row["switching_usd_per_t"] = draft.between(20, 600) if draft.chance(0.8) else None


def add_outlets(draft: Draft) -> None:
    """Buyers for what is in excess, at home and with a friend."""
    for region in (HOME, FRIEND):
        for material in draft.rng.sample(sorted(draft.price), k=min(3, len(draft.price))):
            row = draft.add(
                "outlets",
                material=material,
                region=region,
                price_share=draft.between(0.3, 0.95) if draft.chance(0.7) else None,
            )
            size = draft.need.get(material, 200.0) * draft.rng.uniform(0.05, 0.4)
            row.update(draft.path(size, size * draft.rng.uniform(0.5, 2)))
    if draft.last % 2:
        draft.add("settings", setting="sales_count_in_stages", value="no")


def add_shortage_rows(draft: Draft) -> None:
    """Segments that miss their material more than others do."""
    costs = {row["material"]: float(str(row["shortage_cost_usd_per_t"])) for row in live(draft, "materials")}
    for row in live(draft, "demand"):
        if draft.chance(0.5):
            row["shortage_cost_usd_per_t"] = rounded(costs[row["material"]] * draft.rng.uniform(0.7, 3))


def add_spread(draft: Draft) -> None:
    """Foreign plants that sell at the price and buy their feed at the price."""
    for row in plants(draft, "operating", "committed", max_new_tpa=None, commercial=None):
        if row["region"] in (RIVAL, NEUTRAL, FRIEND) and draft.chance(0.6):
            for column in ("capex_usd_per_tpa", "fixed_usd_per_tpa_year", "lead_time_years"):
                row.pop(column, None)
            row["cost_basis"] = "spread"
            row["premium"] = draft.between(-0.05, 0.15) if draft.chance(0.4) else None


def add_salvage(draft: Draft) -> None:
    """Stocks whose rest is worth something, rather than kept."""
    for row in live(draft, "stockpiles"):
        if draft.chance(0.5):
            row["salvage_share"] = draft.between(0.1, 0.6)


def add_weights(draft: Draft) -> None:
    """Minerals that count more, less, or not at all."""
    for row in live(draft, "minerals"):
        if draft.chance(0.7):
            row["weight"] = draft.rng.choice([0, 0.5, 2, 10])


# -- plants over time -----------------------------------------------------------------------------------
def add_requires(draft: Draft) -> None:
    """Projects that need another one: a captive mine its plant, a second phase the first."""
    projects = plants(draft, "candidate")
    others = projects + plants(draft, "operating", "committed")
    for row in draft.rng.sample(projects, k=min(len(projects), 3)):
        # Only on rows further down, so that no two need each other.
        later = [other for other in others if str(other["facility"]) > str(row["facility"])]
        if later:
            row["requires"] = draft.rng.choice(later)["facility"]


def add_capital(draft: Draft) -> None:
    """A limit on what is invested in a year, a price on it, or both."""
    investments = [
        float(str(row["capacity_tpa"])) * float(str(row["capex_usd_per_tpa"])) / 1e6
        for row in plants(draft, "candidate")
    ]
    row = draft.add(
        "resource_limits",
        limit="capital_limit",
        resource="capital",
        region=draft.rng.choice([None, HOME]),
        pathway=draft.rng.choice([None, None, "onshore"]),
        price_usd_per_unit=draft.between(1e3, 1e5) if draft.chance(0.4) else None,
    )
    size = sum(investments) * draft.rng.uniform(0.005, 0.1)
    row.update(draft.path(size, size * 2, none=0.3))


def add_closing(draft: Draft) -> None:
    """Plants that cannot reopen, and plants that cost something while idle."""
    for row in plants(draft, "operating", "committed"):
        if draft.chance(0.4):
            row["reopens"] = "no"
        if draft.chance(0.4):
            row["idle_cost_share"] = draft.between(0.1, 0.9)


def add_spread_returns(draft: Draft) -> None:
    """Products that come back over several years, from the next year on."""
    first = draft.sheets["returns"][0]
    shares = [0.3, 0.25, 0.2]
    for lifetime, share in zip(draft.rng.sample([0, 1, 2, 3, 5], k=3), shares, strict=True):
        if lifetime != first["lifetime_years"]:
            draft.add(
                "returns",
                product=first["product"],
                scrap=first["scrap"],
                lifetime_years=lifetime,
                t_per_t=rounded(share * draft.rng.uniform(0.5, 1)),
            )
    first["t_per_t"] = draft.between(0.05, 0.2)


def add_group_limits(draft: Draft) -> None:
    """Capacity of a stage in a country, and how fast it may grow."""
    for mineral, chain in draft.chains.items():
        for kind in ("growth", "capacity"):
            if not draft.chance(0.5):
                continue
            goods = draft.rng.sample(chain, k=draft.rng.randint(1, len(chain)))
            size = sum(draft.need[good] for good in goods)
            row = draft.add(
                "group_limits",
                limit=f"{kind}_{mineral}",
                materials=", ".join(goods),
                region=draft.rng.choice([None, HOME, FRIEND]),
                pathway=draft.rng.choice([None, None, "onshore"]),
                kind=kind,
                start_tpa=rounded(size * draft.rng.uniform(0.01, 0.1)) if kind == "growth" else None,
            )
            low, high = (0.02, 0.3) if kind == "growth" else (0.3 * size, 1.5 * size)
            row.update(draft.path(low, high, none=0.2))


def add_offtake_paths(draft: Draft) -> None:
    """Partners whose own demand takes more of what they make, year by year."""
    for row in plants(draft, "operating", "committed", "candidate"):
        if row["region"] == FRIEND and draft.chance(0.4):
            row.pop("offtake_share", None)
            draft._add_path(str(row["facility"]), "offtake_share", 0.9, 0.4, top=1.0)


def add_renewal(draft: Draft) -> None:
    """A long horizon in which plants wear out and are built again."""
    for row in plants(draft, "candidate"):
        row["life_years"] = draft.rng.choice([2, 3, 4, 5])
        row["ramp_years"] = draft.rng.choice([None, 0, 1])


RULES: dict[str, Callable[[Draft], None]] = {
    "support_forms": add_support_forms,
    "construction": add_construction,
    "clawback_value": add_clawback_value,
    "contracts_in_force": add_contracts_in_force,
    "trade_pace": add_trade_pace,
    "outlets": add_outlets,
    "shortage_rows": add_shortage_rows,
    "spread": add_spread,
    "salvage": add_salvage,
    "weights": add_weights,
    "requires": add_requires,
    "capital": add_capital,
    "closing": add_closing,
    "spread_returns": add_spread_returns,
    "group_limits": add_group_limits,
    "offtake_paths": add_offtake_paths,
    LONG: add_renewal,
}
