"""The oracle's public support: which capacity decisions exist, at which break-even amount, and what they pay.

See ``program.py`` for what the oracle is and is not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from tests.independent.data import Key, Record, World, listed

TOLERANCE = 1e-6  # of every data test (NPV, margin, strike)
PER_TONNE = ("two_way", "floor", "floor_with_share", "premium")  # forms that pay per covered tonne


@dataclass(frozen=True)
class Year:
    """One year of a project, per t/yr of nameplate."""

    factor: float  # (1 + h)^-n
    output: float  # y_n
    price: float  # q, after the lender's haircut
    premium: float  # q * premium
    cost: float  # net cost
    in_term: bool


@dataclass(frozen=True)
class Block:
    """Capacity that one decision provides: a build, or existing capacity under an offer."""

    facility: str
    applies_to: str  # "new" or "existing"
    decided: int  # v or s
    financing: str  # k
    start: int
    stop: int  # first year without it
    term_stop: int  # first year without the contract
    strike: float = math.nan  # K: USD/t, or a share of capex for a grant or a loan

    @property
    def key(self) -> Key:
        """The decision variable."""
        name = "build" if self.applies_to == "new" else "rescue"
        return (name, self.facility, self.decided, self.financing)

    @property
    def contract(self) -> Key:
        """Name of the contract: facility, offer, applies_to, award year."""
        return (self.facility, self.financing, self.applies_to, self.decided)

    def runs(self, t: int) -> bool:
        """True where the capacity is there in year ``t``."""
        return self.start <= t < self.stop


def annuity(w: World, f: str, v: int) -> float:
    """Capital recovery of capex at the hurdle rate over the life, USD per t/yr and year."""
    h, life = w.of(f, "hurdle_rate", v), int(w.facilities[f]["life_years"])
    return recovery(h, life) * capex(w, f, v)


def recovery(rate: float, years: int) -> float:
    """The level payment, once a year, that pays off one dollar."""
    return 1 / sum((1 + rate) ** -n for n in range(1, years + 1))


def capex(w: World, f: str, v: int) -> float:
    """Capex with interest while it is built, USD per t/yr."""
    h, years = w.of(f, "hurdle_rate", v), construction_years(w, f, v)
    interest = [(1 + h) ** n for n in range(1, years + 1)]
    return float(w.of(f, "capex_usd_per_tpa", v) * (sum(interest) / years if years else 1.0))


def construction_years(w: World, f: str, v: int) -> int:
    """Years over which capex is spent, at most the lead time of the decision."""
    return int(min(w.facilities[f]["construction_years"], w.of(f, "lead_time_years", v)))


def output_share(w: World, block: Block, t: int) -> float:
    """``y_n``: utilisation x ramp; existing capacity has no ramp."""
    ramp = w.ramp(block.facility, t - block.start) if block.applies_to == "new" else 1.0
    return float(w.of(block.facility, "utilisation", t) * ramp)


def cash_flow(w: World, block: Block) -> list[Year]:
    """The years an owner counts: the life of a build, the term of a rescue."""
    f, h = block.facility, w.of(block.facility, "hurdle_rate", block.decided)
    keep = 1 - w.setting("lender_price_haircut")
    capital = 0.0
    if block.applies_to == "new":
        capital = (1 - w.of(f, "grant_share", block.decided)) * annuity(w, f, block.decided)
    years = []
    for t in range(block.start, block.stop):
        premium, y = w.of(f, "premium", t), output_share(w, block, t)
        inputs = sum(a * w.price(i, t) for i, a in w.materials_of(f, "input").items())
        coproducts = sum(b * w.price(j, t) for j, b in w.materials_of(f, "coproduct").items())
        per_tonne = w.of(f, "variable_usd_per_t", t) - w.of(f, "credit_usd_per_t", t) + inputs
        per_tonne -= keep * (1 + premium) * coproducts
        q = keep * w.price(w.facilities[f]["output"], t)
        cost = y * per_tonne + w.of(f, "fixed_usd_per_tpa_year", t) + capital
        factor = (1 + h) ** -(t - block.start)
        years.append(Year(factor, y, q, q * premium, cost, t < block.term_stop))
    return years


def covered_revenue(offer: Record, strike: float, q: float) -> float:
    """Revenue of a covered tonne before the premium."""
    if offer["form"] == "two_way":
        return strike
    share = offer["upside_share"] if offer["form"] == "floor_with_share" else 0.0
    return float(max(strike, q) - share * max(0.0, q - strike))


def merchant_npv(years: Iterable[Year]) -> float:
    """Net present value without a contract, USD per t/yr."""
    return sum(y.factor * (y.output * (y.price + y.premium) - y.cost) for y in years)


def contract_npv(years: Iterable[Year], offer: Record, strike: float) -> float:
    """Net present value with an offer at a strike, USD per t/yr."""
    total = 0.0
    for y in years:
        share = offer["coverage"] if y.in_term else 0.0
        price = share * covered_revenue(offer, strike, y.price) + (1 - share) * y.price
        total += y.factor * (y.output * (price + y.premium) - y.cost)
    return total


def break_even(years: list[Year], offer: Record) -> float:
    """Lowest strike, not below 0, with no loss: root of a piecewise linear rising function."""
    knots = sorted({0.0, *(y.price for y in years if y.in_term)})
    values = [contract_npv(years, offer, strike) for strike in knots]
    if values[0] >= 0:
        return 0.0
    for left, right, low, high in zip(knots, knots[1:], values, values[1:], strict=False):
        if high >= 0:
            return left + (right - left) * low / (low - high)
    slope = sum(y.factor * y.output * offer["coverage"] for y in years if y.in_term)
    return knots[-1] - values[-1] / slope if slope > 0 else math.inf


def present_value(h: float, rate: float, years: int) -> float:
    """What the level payments on one dollar lent at a rate are worth at the hurdle rate, first year undiscounted."""
    return recovery(rate, years) * sum((1 + h) ** -n for n in range(years))


def support_amount(w: World, block: Block) -> float:
    """``K``: the least amount of its form that lets the owners reach their hurdle rate; infinite where none does."""
    offer, years = w.offers[block.financing], cash_flow(w, block)
    if offer["form"] not in ("premium", "grant", "loan"):
        return break_even(years, offer)
    f, v = block.facility, block.decided
    gap = max(0.0, -merchant_npv(years))
    if offer["form"] == "premium":
        relief = sum(y.factor * offer["coverage"] * y.output for y in years if y.in_term)
    elif offer["form"] == "grant":
        relief = annuity(w, f, v) * sum(y.factor for y in years)
    else:
        h, life = w.of(f, "hurdle_rate", v), int(w.facilities[f]["life_years"])
        saved = present_value(h, h, life) - present_value(h, offer["loan_rate"], loan_years(w, block))
        relief = capex(w, f, v) * saved
    return gap / relief if relief > 0 else math.inf


def loan_years(w: World, block: Block) -> int:
    """Years over which a loan is paid back: its term, at most the life of the plant."""
    return int(min(w.offers[block.financing]["term_years"], w.facilities[block.facility]["life_years"]))


def ceiling(w: World, block: Block) -> float:
    """Highest amount an award may have; of capex, no more than earlier grants have left."""
    offer = w.offers[block.financing]
    if offer["form"] in ("grant", "loan"):
        return float(min(offer["max_capex_share"], 1 - w.of(block.facility, "grant_share", block.decided)))
    reference = w.price(w.facilities[block.facility]["output"], block.start)
    return float(min(offer["max_strike_usd_per_t"], offer["max_strike_multiple"] * reference))


def obliges(w: World, block: Block, t: int) -> bool:
    """True where an award obliges its plant to make the covered tonnes."""
    if block.financing == "merchant":
        return False
    return w.offers[block.financing]["form"] in PER_TONNE and block.start <= t < block.term_stop


def covered_tonnes(w: World, block: Block, t: int) -> float:
    """Covered tonnes in a year per t/yr under contract."""
    return float(w.offers[block.financing]["coverage"] * output_share(w, block, t))


def public_cash(w: World, block: Block, t: int, price_drop: float = 0.0) -> tuple[float, float]:
    """What the treasury pays and what comes back in a year, USD per t/yr of an award."""
    f, v = block.facility, block.decided
    offer = w.offers[block.financing]
    if offer["form"] in PER_TONNE:
        if not block.start <= t < block.term_stop:
            return 0.0, 0.0
        price = (1 - price_drop) * w.price(w.facilities[f]["output"], t)
        usd = covered_tonnes(w, block, t) * payment(offer, block.strike, price)
        return max(0.0, usd), max(0.0, -usd)
    amount = block.strike * capex(w, f, v)
    spent_over = range(v, max(block.start, v + 1))
    out = amount / len(spent_over) if t in spent_over else 0.0
    back = 0.0
    if offer["form"] == "loan" and block.start <= t < block.start + loan_years(w, block):
        back = (1 - offer["loan_loss_share"]) * recovery(offer["loan_rate"], loan_years(w, block)) * amount
    return out, back


def years_of_payment(w: World, block: Block) -> range:
    """Years in which an award can move money."""
    form = w.offers[block.financing]["form"]
    if form in PER_TONNE:
        return range(block.start, block.term_stop)
    if form == "grant":
        return range(block.decided, max(block.start, block.decided + 1))
    return range(block.decided, block.start + loan_years(w, block))


def burden_base(w: World, block: Block) -> float:
    """Discounted public money of an award that the excess burden is charged on, USD per t/yr."""
    lent = w.offers[block.financing]["form"] == "loan"
    value = 1.0 if lent else w.setting("clawback_value")
    net = 0.0
    for t in years_of_payment(w, block):
        out, back = public_cash(w, block, t)
        if t <= w.last or lent:
            net += w.delta(t) * (out - value * back)
    return max(0.0, net)


def payment(offer: Record, strike: float, price: float) -> float:
    """What the treasury pays per covered tonne; negative where the owner pays back."""
    if offer["form"] == "premium":
        return strike
    if offer["form"] == "two_way":
        return strike - price
    share = offer["upside_share"] if offer["form"] == "floor_with_share" else 0.0
    return float(max(0.0, strike - price) - share * max(0.0, price - strike))


def margin_holds(w: World, f: str, t: int) -> bool:
    """True where existing capacity covers its running and fixed cost at expected prices."""
    coproducts = sum(b * w.price(j, t) for j, b in w.materials_of(f, "coproduct").items())
    inputs = sum(a * w.price(i, t) for i, a in w.materials_of(f, "input").items())
    sales = (1 + w.of(f, "premium", t)) * (w.price(w.facilities[f]["output"], t) + coproducts)
    margin = sales - w.of(f, "variable_usd_per_t", t) + w.of(f, "credit_usd_per_t", t) - inputs
    fixed = w.of(f, "fixed_usd_per_tpa_year", t)
    return bool(w.of(f, "utilisation", t) * margin >= fixed - TOLERANCE)


def merchant_builds(w: World) -> Iterator[Block]:
    """One uncontracted build for every year in which a facility may decide."""
    for f, row in w.facilities.items():
        cap = w.minerals[w.materials[row["output"]]["mineral"]]["lead_time_cap_years"]
        for v in w.years:
            lead = int(w.of(f, "lead_time_years", v))
            in_time = v >= row["earliest_decision_year"] and v + lead <= w.last
            start = v + lead
            stop = start + int(row["life_years"])
            has_site = any(w.site(f, t) > 0 for t in w.years if start <= t < stop)
            if in_time and lead <= cap and has_site and w.of(f, "max_new_tpa_per_year", v) > 0:
                yield Block(f, "new", v, "merchant", start, stop, start)


def offers_open(w: World, f: str, award: int) -> list[str]:
    """Offers that a facility may be given in an award year."""
    row = w.facilities[f]
    if row["commercial"] != "yes" or row["cfd_eligible"] != "yes":
        return []
    return [
        k
        for k, offer in w.offers.items()
        if listed(offer["materials"], row["output"]) and offer["first_award_year"] <= award <= offer["last_award_year"]
    ]


def contracted(w: World, block: Block, k: str) -> Block:
    """A capacity decision under offer ``k``, at its break-even strike."""
    pays_output = w.offers[k]["form"] in PER_TONNE
    term_stop = min(block.stop, block.start + int(w.offers[k]["term_years"])) if pays_output else block.start
    stop = block.stop if block.applies_to == "new" else term_stop
    under = replace(block, financing=k, stop=stop, term_stop=term_stop)
    return replace(under, strike=support_amount(w, under))


def contract_candidates(w: World) -> Iterator[Block]:
    """Every contract on offer with its strike, whether admissible or not."""
    for block in merchant_builds(w):
        for k in offers_open(w, block.facility, block.decided):
            yield contracted(w, block, k)
    for f, s in product(w.facilities, w.years):
        for k in offers_open(w, f, s):
            if w.offers[k]["form"] in ("grant", "loan"):
                continue  # only new capacity takes these
            horizon = range(s, s + int(w.offers[k]["term_years"]))
            stop = next((t for t in horizon if w.existing(f, t) <= 0), horizon.stop)
            if stop > s:
                yield contracted(w, Block(f, "existing", s, k, s, stop, stop), k)


def admissible(w: World, block: Block) -> bool:
    """Which financing of a capacity decision exists."""
    f = block.facility
    if block.financing == "merchant":
        commercial = w.facilities[f]["commercial"] == "yes"
        return not commercial or merchant_npv(cash_flow(w, block)) >= -TOLERANCE
    if block.strike > ceiling(w, block) + TOLERANCE or math.isinf(block.strike):
        return False
    if block.applies_to == "new":
        return merchant_npv(cash_flow(w, block)) < -TOLERANCE
    return not all(margin_holds(w, f, t) for t in range(block.start, block.stop))


def may_retain(w: World, f: str, t: int) -> bool:
    """True where existing capacity may stay open on market terms."""
    return w.facilities[f]["commercial"] != "yes" or margin_holds(w, f, t)
