"""Rules of public support: offers, pots, and contracts in force."""

from __future__ import annotations

import math
from collections.abc import Iterator

from model.errors import Problem
from model.rules.context import Context, at
from model.workbook.formatting import shown
from model.workbook.schema import ALL, CAPITAL_FORMS, CONTRACT_FORMS, SHEET
from model.workbook.suggestions import nearest
from model.workbook.tables import Record


def check_strike_material(context: Context) -> Iterator[Problem]:
    """A maximum strike or premium in USD/t is for one material."""
    for offer in context.tables["support_offers"]:
        names = offer.names("materials")
        covered = tuple(context.materials) if ALL in names else names
        if offer.number("max_strike_usd_per_t") < math.inf and len(covered) > 1:
            yield at(
                offer, "max_strike_usd_per_t", "E326",
                f"{shown(offer.number('max_strike_usd_per_t'))} USD/t for {len(covered)} materials",
                "a highest strike or premium in USD/t is for one material",
                "give one material, or use max_strike_multiple",
            )  # fmt: skip


def check_upside_share(context: Context) -> Iterator[Problem]:
    """Only one form of contract shares the upside."""
    offers: list[Record] = [*context.tables["support_offers"], *context.tables["contracts_in_force"]]
    for offer in offers:
        if offer.number("upside_share") > 0 and offer["form"] != "floor_with_share":
            yield at(
                offer, "upside_share", "W547", f"{shown(offer.number('upside_share'))} with the form {offer['form']}",
                "only floor_with_share has an upside share: it is not used", "clear the cell, or use floor_with_share",
            )  # fmt: skip


def check_term(context: Context) -> Iterator[Problem]:
    """Every form of support but a grant has a term."""
    for offer in context.tables["support_offers"]:
        if offer["term_years"] is None and offer["form"] != "grant":
            yield at(
                offer, "term_years", "E354", f"blank, and the form is {offer['form']}",
                "every form but a grant has a term in years", "type the years of delivery or repayment",
            )  # fmt: skip


_USED_BY: dict[str, tuple[str, ...]] = {
    "coverage": CONTRACT_FORMS,
    "max_strike_usd_per_t": CONTRACT_FORMS,
    "max_strike_multiple": CONTRACT_FORMS,
    "max_capex_share": CAPITAL_FORMS,
    "loan_rate": ("loan",),
    "loan_loss_share": ("loan",),
}
"""Columns of offers that some forms do not use -> the forms that do."""


def check_columns_of_forms(context: Context) -> Iterator[Problem]:
    """An offer fills in the columns that its form uses, and no others."""
    offers: list[Record] = context.tables["support_offers"]
    for offer in offers:
        for column, forms in _USED_BY.items():
            default = SHEET[offer.sheet].by_key[column].default
            if offer["form"] not in forms and offer[column] != default:
                yield at(
                    offer, column, "W592", f"{shown(offer.number(column))} with the form {offer['form']}",
                    f"only the form{'s' * (len(forms) > 1)} {', '.join(forms)} use{'s' * (len(forms) == 1)} it",
                    "clear the cell, or use another form",
                )  # fmt: skip


def check_award_years(context: Context) -> Iterator[Problem]:
    """The first year of awards is not after the last."""
    for offer in context.tables["support_offers"]:
        first, last = offer["first_award_year"], offer["last_award_year"]
        if isinstance(first, int | float) and isinstance(last, int | float) and last < first:
            yield at(
                offer, "last_award_year", "E327", f"{shown(last)}, and first_award_year {shown(first)}",
                "awards run from the first to the last award year", "correct one of the two",
            )  # fmt: skip


def check_offer_used(context: Context) -> Iterator[Problem]:
    """An offer is open to some facility."""
    for offer in context.tables["support_offers"]:
        if not any(context.is_eligible(facility, offer) for facility in context.tables["facilities"]):
            yield at(
                offer, "materials", "W548", f"no facility is open to '{offer.label}'",
                "it needs a commercial, cfd_eligible facility that makes one of its materials",
                "correct materials, or set cfd_eligible and commercial to yes where it is meant",
            )  # fmt: skip


def check_pot_used(context: Context) -> Iterator[Problem]:
    """A pot pays some support."""
    for pot in context.tables["support_budgets"]:
        names, named = pot.names("materials"), pot.names("offers")
        offers = [offer for offer in context.tables["support_offers"] if {ALL, offer.text("offer")} & set(named)]
        makers = [record for record in context.tables["facilities"] if {ALL, record.text("output")} & set(names)]
        paid = any(context.is_eligible(facility, offer) for offer in offers for facility in makers)
        if not paid:
            yield at(
                pot, "materials", "W549", f"no support is ever paid from '{pot['pot']}'",
                "none of its offers is open to a facility that makes one of its materials",
                "correct materials or offers, or delete the row",
            )  # fmt: skip


def check_contract_years(context: Context) -> Iterator[Problem]:
    """A contract in force runs from its first to its last year."""
    for contract in context.tables["contracts_in_force"]:
        first, last = contract.number("first_year"), contract.number("last_year")
        if last < first:
            yield at(
                contract, "last_year", "E351", f"{shown(last)}, and first_year {shown(first)}",
                "a contract runs from its first to its last year", "correct one of the two",
            )  # fmt: skip


def check_contract_price(context: Context) -> Iterator[Problem]:
    """The output that a contract in force covers has a price."""
    facilities = {record.text("facility"): record for record in context.tables["facilities"]}
    for contract in context.tables["contracts_in_force"]:
        facility = facilities.get(contract.text("facility"))
        if facility is not None and contract["form"] != "premium" and context.lacks_price(facility["output"]):
            yield at(
                contract, "facility", "E352", f"'{facility['output']}' of '{facility.label}' has no price",
                "a contract is settled on the reference price of the output: it needs a row in prices", "add the row",
            )  # fmt: skip


def check_contract_pot(context: Context) -> Iterator[Problem]:
    """The pot of a contract in force is a pot of the budgets."""
    # A scenario cannot rename a pot, but may well switch one off: then no pot pays.
    if context.is_scenario:
        return
    pots = {record.text("pot") for record in context.tables["support_budgets"]}
    for contract in context.tables["contracts_in_force"]:
        name = contract.text("pot")
        if name and name not in pots and not context.every.may_hold("support_budgets", pot=name):
            rule = "pot is one of the pots of the sheet support_budgets, or blank"
            yield at(contract, "pot", "E353", f"'{name}' was not found", rule, nearest(name, pots))


def check_contract_used(context: Context) -> Iterator[Problem]:
    """A contract in force covers existing capacity."""
    facilities = {record.text("facility"): record for record in context.tables["facilities"]}
    for contract in context.tables["contracts_in_force"]:
        facility = facilities.get(contract.text("facility"))
        years = [t for t in context.years if contract.number("first_year") <= t <= contract.number("last_year")]
        if facility is not None and not any(context.exists(facility, t) for t in years):
            yield at(
                contract, "facility", "W590", f"'{contract.label}' covers nothing of '{facility.label}'",
                "a contract in force covers capacity that exists in a year of the plan in which it runs",
                "correct its years or the facility, or leave the contract out",
            )  # fmt: skip
