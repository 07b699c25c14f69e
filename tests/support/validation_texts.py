"""The texts of the page of validation that hold no numbers of a run."""

from tests.support.published import CARNEGIE, IEA, USGS

HEAD = f"""# What the shipped workbook says, beside what is published

Generated from runs of `inputs/us_critical_minerals.xlsx`: change the workbook or tests/support/validation.py and
run `python -m tests.support.validation`. Numbers of the workbook have their own sources (sheet `sources`); the few that
were fitted to a statistic, such as collection rates of scrap and what allied magnet makers sell to the USA, say so in
their notes. The plan `carnegie_2035` was drawn up with the report's numbers known: that it comes near them reads
the report, and is no test of the model. Where model and source differ, the last column says why.

- USGS: {USGS}.
- IEA: {IEA}.
- The report: {CARNEGIE}.
"""

READINGS = """
- **Copper.** Mine output of the named pipeline meets the report's number; what is smelted is less, because the two
  smelters cannot take all concentrate, and scrap makes up for part of it. With every project of the workbook the
  gap is smaller: the report's number is that of the pipeline, not of all that is planned.
- **Lithium.** The report's shortfall is larger than that of the named pipeline and far larger than that of all
  projects. It stands for a smaller pipeline (as without Hell's Kitchen and new battery recyclers), or for more
  demand than the workbook's 600 kt; forecasts made before 2025 reach 970 kt. The plan `carnegie_lithium` reaches it
  with a fifth more demand from 2035 on, an assumption made for that: it shows what has to be believed, and confirms
  nothing.
- **Zinc.** US mines meet demand only if Red Dog goes on as in 2024. Its owner has guided lower and its reserves end
  in 2031; so the workbook retires it, and only `carnegie_2035` keeps it, an assumption made so that the finding
  holds. Refined zinc falls short in any case: there is one smelter and its successor.
- **Molybdenum.** Mines beside and of copper meet demand; the USA remains a net exporter as long as they run.
- **Silver, nickel, manganese, graphite.** Short in both plans, as reported. Nickel supply is nearly all scrap.
"""

NDPR_READING = """
- **Lines.** No plant starts before the year in its row of `facilities` plus the delay of `realistic_times`, and all
  ramp as Mountain Pass did. Those of others are open to US buyers by `offtake_share`: what Lynas sells to Japan, Korea
  and Malaysia is not there.
- **China.** What is inside Chinese goods, and inside goods of others with Chinese magnets, counts as made in China
  (`assumed_goods_feed`): it is most of China's share. Metal is made where magnets are: the shops in Britain, Canada
  and Japan stay small.
- **What would change it.** If 10X comes two years later still, its oxide is sold abroad for as long and Chinese
  magnets take its place; the plan `slow_rebuild` is the extreme. The IEA's outlook is older than its contract.
"""

HINDCAST_READING = """
- **Times and costs of studies.** Every project came late or not at all. Thacker Pass cost 19,400 USD a t/yr in the
  study of 2018 and 73,250 in 2025. A haircut of 15 % on prices does not stand for a factor of four on capital, and
  the workbook of 2026 takes studies as they are in the same way.
- **Demand.** Batteries came inside goods, and home use of lithium chemicals stayed flat: the mistake that the first
  edition made again.
- **What is the model's own.** With real demand, prices, costs and times it builds what was built and nothing else.
  It still gets the import reliance of rare earths wrong: any rare earth serves any use there, and there are no
  exports.
- **What follows.** Read the builds of the first three years as "studies say so". Before a year or a strike is
  believed, capital of unbuilt lithium and graphite projects should be multiplied by two to four: the plan
  `studies_dearer` multiplies it by 2.5.
"""

ASSUMPTIONS = """## What stands behind the base year

- Demand is that of the United States, in two parts: what is used as a material at home, and what comes inside
  cells, cars, motors and electronics (segments `goods_*`). Goods are priced at the material inside them, and duties
  are counted on that only. Nickel and manganese inside cells are not split off. What Chinese makers of goods
  use, and others of Chinese make, is mined, refined and made into magnets, anodes and lithium in the workbook, so that
  shares by stage count it; what others use of their own is not.
- A country's plants are open to US buyers by `offtake_share`, which falls as the IEA's supply over demand does, not
  below 0.6 of today; existing plants abroad sell at the price.
- What home mines and plants make beyond home's needs is sold (sheet `outlets`), at a discount and up to recent
  exports.
- The price floor of Mountain Pass (110 USD/kg, ten years from 2025) is a contract in force: its payments are
  counted in the expected view, and no pot pays them. Its plant runs full, because what home does not use has an
  outlet.
- The procurement rule for defence holds in the reference from 2027, with a priced waiver. Proof of origin and
  qualified grades, which the rule asks for as well, have no cost here: what it costs in the plan is a lower bound.
- Dysprosium and terbium come from the same ore in a fixed ratio; what is left of one is sold at 0.7 of the price.
- The ban on gallium, germanium and antimony was suspended until 27 November 2026. The reference takes licences as
  going on; the plan `ban_not_renewed` does not.
- Weights of minerals in the exposure index are expected losses of GDP (USGS OFR 2025-1047, read in two copies);
  shortage costs by segment are assumed but for gallium, germanium, dysprosium, terbium and SmCo.
- Numbers of confidence `assumed` in the sheet sources are assumptions and say what they follow.
"""
