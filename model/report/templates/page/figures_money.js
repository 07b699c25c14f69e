// The figures about cost and shadow prices.

// What steps of demand and of limits are worth.
function stepsFigure(list, nothing) {
  const limits = list.filter((row) => row.kind === "limit").sort((a, b) => b.up_usd_million - a.up_usd_million);
  const panel = savedPanel(
    "limits",
    "Saved by one step more (USD million, with penalties)",
    limits.map((row) => [row.sentence.split(/ (?:saves|costs) /)[0], row.up_usd_million]),
  );
  return {
    panels: limits.length ? [{ ...panel, isWide: true }] : [],
    rows: list,
    sentences: list.map((row) => `${row.sentence}.`),
    columns: [
      { key: "sentence", title: "Step" },
      { key: "kind", title: "Of" },
      { key: "up_usd_million", title: "A step more", unit: "USD million" },
      { key: "up_penalties_usd_million", title: "Penalties in it", unit: "USD million" },
      { key: "down_usd_million", title: "A step less", unit: "USD million" },
      { key: "down_penalties_usd_million", title: "Penalties in it", unit: "USD million" },
      { key: "slope_usd_million", title: "By the slope", unit: "USD million" },
      { key: "usd_per_t", title: "For each tonne", unit: "USD/t" },
    ],
    words: list.length ? "" : nothing,
  };
}

Object.assign(figures, {
  cost() {
    const mine = new Map(here("cost_terms").map((row) => [row.term, row.usd_million]));
    const other = new Map(rows("cost_terms", { scenario: chosen.base }).map((row) => [row.term, row.usd_million]));
    const list = Object.keys(costTerms)
      .filter((term) => mine.has(term) || other.has(term))
      .map((term) => ({
        term,
        mine: mine.get(term) || 0,
        other: other.get(term) || 0,
        more: (mine.get(term) || 0) - (other.get(term) || 0),
      }));
    const add = (term, part) => ({ term, mine: sum(part, "mine"), other: sum(part, "other"), more: sum(part, "more") });
    const isPenalty = (row) => page.penalties.includes(row.term);
    const supply = add(
      "supply and burden",
      list.filter((row) => !isPenalty(row)),
    );
    const penalties = add("penalties", list.filter(isPenalty));
    const total = add("total", list);
    const y = list.map((row) => costTerms[row.term]);
    const trace = (name, key, colour) => ({
      type: "bar",
      orientation: "h",
      name: plain(name),
      y,
      x: list.map((row) => row[key]),
      marker: { color: colour },
      customdata: texts(
        list.map((row) => row[key]),
        "",
        key === "more" ? signed : formatted,
      ),
      hovertemplate: "%{customdata} USD million",
    });
    const panels = [
      {
        key: "terms",
        title: "Discounted cost by term (USD million)",
        traces: [
          trace(title(chosen.scenario), "mine", palette.series[0]),
          ...(chosen.base === chosen.scenario ? [] : [trace(title(chosen.base), "other", palette.series[7])]),
        ],
        layout: barLayout(list.length, "", {
          barmode: "group",
          showlegend: true,
          height: 70 + 26 * list.length,
          hovermode: "y unified",
        }),
      },
    ];
    if (chosen.base !== chosen.scenario) {
      panels.push({
        key: "more",
        title: `More (+) or less (-) than ${short(chosen.base)} (USD million)`,
        traces: [
          {
            ...trace("change", "more"),
            marker: { color: list.map((row) => (row.more > 0 ? palette.more : palette.less)) },
          },
        ],
        layout: barLayout(list.length, "", { hovermode: "y unified", height: 70 + 26 * list.length }),
      });
    }
    return {
      panels,
      rows: [...list, supply, penalties, total],
      isChosen: (row) => row === supply || row === penalties || row === total,
      columns: [
        { key: "term", title: "Term", describe: (key) => costTerms[key] || key },
        { key: "mine", title: title(chosen.scenario), unit: "USD million" },
        { key: "other", title: title(chosen.base), unit: "USD million" },
        { key: "more", title: "Change", unit: "USD million", describe: (value) => signed(value, "") },
      ],
      words: `Supply and burden ${formatted(supply.mine)} USD million${against(signed(supply.more, ""))}; penalties for what is missed ${formatted(penalties.mine)} USD million${against(signed(penalties.more, ""))}.`,
    };
  },

  costs_all() {
    const most = palette.series.length - 1;
    const list = [];
    const base = new Map(rows("cost_terms", { scenario: chosen.picked }).map((row) => [row.term, row.usd_million]));
    const scenarios = Object.keys(page.titles).filter((key) => key !== chosen.picked && areAlike(key, chosen.picked));
    for (const scenario of scenarios) {
      const mine = new Map(rows("cost_terms", { scenario }).map((row) => [row.term, row.usd_million]));
      for (const term of Object.keys(costTerms)) {
        const more = (mine.get(term) || 0) - (base.get(term) || 0);
        if (Math.abs(more) > 1e-9) list.push({ scenario, term, more });
      }
    }
    const size = new Map(
      [...groupBy(list, "term")].map(([term, part]) => [
        term,
        part.reduce((total, row) => total + Math.abs(row.more), 0),
      ]),
    );
    const order = [...size.keys()].sort((a, b) => size.get(b) - size.get(a));
    const y = apart(scenarios.map((key) => plain(short(key))));
    const stack = (name, terms, colour) => {
      const x = scenarios.map((key) =>
        sum(
          list.filter((row) => row.scenario === key && terms.includes(row.term)),
          "more",
        ),
      );
      return {
        type: "bar",
        orientation: "h",
        name,
        y,
        x,
        customdata: texts(x, "", signed),
        marker: { color: colour },
        hovertemplate: "%{fullData.name}: %{customdata} USD million<extra>%{y}</extra>",
      };
    };
    const traces = order.slice(0, most).map((term, n) => stack(costTerms[term], [term], palette.series[n]));
    if (order.length > most) traces.push(stack("all other terms", order.slice(most), palette.series[most]));
    return {
      panels: scenarios.length
        ? [
            {
              key: "all",
              isWide: true,
              title: `Cost above ${short(chosen.picked)} by term (USD million)`,
              traces,
              layout: barLayout(scenarios.length, "", {
                barmode: "relative",
                showlegend: true,
                height: 70 + 26 * scenarios.length,
              }),
            },
          ]
        : [],
      rows: list,
      isChosen: (row) => row.scenario === chosen.scenario,
      columns: [
        { key: "scenario", title: "Scenario", describe: title },
        { key: "term", title: "Term", describe: (key) => costTerms[key] || key },
        {
          key: "more",
          title: `Against ${title(chosen.picked)}`,
          unit: "USD million",
          describe: (value) => signed(value, ""),
        },
      ],
      words: scenarios.length ? "" : "There is no other plan.",
    };
  },

  prices: () => stepsFigure(
    here("prices", { mineral: chosen.mineral }),
    "No step was looked at for this mineral.",
  ),

  prices_shared: () => stepsFigure(
    here("prices", { mineral: "" }),
    "No limit on several materials was looked at, or none binds.",
  ),
});
