// The figures about public support: awards, what they move, and which form a project needs.

// The amount of support with its unit: `129 USD/t`, `77.6 % of capex`.
function tellAmount(row) {
  if (!isNumber(row.amount)) return "";
  return row.unit === "USD/t" ? `${formatted(row.amount)} USD/t` : `${formatted(row.amount, "share")} of capex`;
}

// What a project would need under an offer, and why it cannot have it.
const tellNeed = (row) => [tellAmount(row), row.status === "offered" ? "" : row.status].filter((text) => text).join(": ");

const formName = (form) => form.replace(/_/g, " ");

// Lines from what is expected to what comes in a slump: their length is the risk.
function fromTo(key, words, bars, now, slump, unit) {
  const y = apart(bars.map((text) => plain(cut(text, 60))));
  const dots = (name, x, colour, symbol) => ({
    type: "scatter",
    mode: "markers",
    name,
    x,
    y,
    marker: { color: colour, symbol, size: 11 },
    customdata: texts(x, unit),
    hovertemplate: `%{y}: %{customdata} ${unit}`,
  });
  const lines = {
    type: "scatter",
    mode: "lines",
    name: "the risk",
    hoverinfo: "skip",
    line: { color: "#8c959f", width: 3 },
    x: now.flatMap((value, n) => [value, slump[n], null]),
    y: y.flatMap((text) => [text, text, null]),
  };
  return {
    key,
    isWide: true,
    title: words,
    traces: [
      lines,
      dots("expected", now, palette.series[0], "circle"),
      dots("in a slump", slump, palette.bad, "diamond"),
    ],
    layout: barLayout(bars.length, "", { showlegend: true, height: 90 + 26 * bars.length }),
  };
}

Object.assign(figures, {
  instruments() {
    const list = here("instruments");
    const byForm = [...groupBy(list, "form")].map(([form, part]) => ({
      form: formName(form),
      now: sum(part, "net_present_usd_million"),
      slump: sum(part, "stress_net_present_usd_million"),
    }));
    const words = byForm.map((row) => `${row.form} ${formatted(row.now)}, in a slump ${formatted(row.slump)}`).join("; ");
    const panel = fromTo(
      "forms",
      "Present value of the support by form (USD million)",
      byForm.map((row) => row.form),
      byForm.map((row) => row.now),
      byForm.map((row) => row.slump),
      "USD million",
    );
    return {
      panels: byForm.length ? [panel] : [],
      rows: list,
      isChosen: (row) => row.mineral === chosen.mineral,
      columns: [
        { key: "form", title: "Form", describe: formName },
        { key: "mineral", title: "Mineral", describe: (key) => nameOf("minerals", key) },
        { key: "projects", title: "Projects", unit: "" },
        { key: "t_per_year", title: "Capacity of the mineral", unit: "t/yr" },
        { key: "clear_t", title: "Clear output of the mineral", unit: "t" },
        { key: "net_present_usd_million", title: "Present value", unit: "USD million" },
        { key: "stress_net_present_usd_million", title: "Present value in a slump", unit: "USD million" },
        { key: "usd_per_clear_t", title: "Per clear tonne", unit: "USD/t" },
        { key: "stress_usd_per_clear_t", title: "Per clear tonne in a slump", unit: "USD/t" },
      ],
      words: words ? `Present value in USD million: ${words}.` : "No support is awarded.",
    };
  },

  needs() {
    const list = here("support_needs", { mineral: chosen.mineral });
    const offers = [...new Set(list.map((row) => row.offer))];
    const marked = list.map((row) => ({ ...row, line: `${row.facility}/${row.applies_to}` }));
    const lines = [...groupBy(marked, "line")].map(([, part]) => ({
      ...part[0],
      ...Object.fromEntries(part.map((row) => [`offer ${row.offer}`, row])),
    }));
    const drawn = list.filter((row) => isNumber(row.net_present_usd_per_tpa) && row.status === "offered");
    const stays = (row) => (row.applies_to === "existing" ? " (stays open)" : "");
    const panel = fromTo(
      "needs",
      "Cost to the treasury for a t/yr of what is on offer (USD per t/yr)",
      drawn.map((row) => `${nameOf("facilities", row.facility)}, ${row.offer}${stays(row)}`),
      drawn.map((row) => row.net_present_usd_per_tpa),
      drawn.map((row) => row.stress_net_present_usd_per_tpa),
      "USD per t/yr",
    );
    return {
      panels: drawn.length ? [panel] : [],
      rows: lines,
      columns: [
        { key: "facility", title: "Project", describe: (key) => nameOf("facilities", key) },
        { key: "applies_to", title: "For capacity" },
        { key: "decision_year", title: "Year", unit: "year" },
        { key: "reference_usd_per_t", title: "Reference price", unit: "USD/t" },
        ...offers.map((offer) => ({
          key: `offer ${offer}`,
          title: offer,
          unit: "",
          describe: (row) => (row ? tellNeed(row) : ""),
        })),
      ],
      words: lines.length ? "" : "No project for this mineral asks for support.",
    };
  },

  payments() {
    const list = here("payments");
    const span = [...new Set([...years, ...list.map((row) => row.year)])].sort((a, b) => a - b);
    const totals = [...groupBy(list, "facility")]
      .map(([facility, part]) => ({ facility, pays: sum(part, "outlay_usd_million") }))
      .sort((a, b) => b.pays - a.pays);
    const most = palette.series.length - 1;
    const top = totals
      .slice(0, most)
      .filter((row) => row.pays > 0)
      .map((row) => row.facility);
    const byFacility = groupBy(list, "facility");
    const traces = top.map((facility, n) =>
      bar(
        nameOf("facilities", facility),
        span,
        over(byFacility.get(facility), "outlay_usd_million", span),
        palette.series[n],
        "USD million",
      ),
    );
    const rest = list.filter((row) => !top.includes(row.facility));
    const perYear = (part, key) =>
      span.map((year) =>
        sum(
          part.filter((row) => row.year === year),
          key,
        ),
      );
    if (rest.some((row) => row.outlay_usd_million > 0))
      traces.push(bar("all others", span, perYear(rest, "outlay_usd_million"), palette.series[most], "USD million"));
    const back = perYear(list, "back_usd_million").map((value) => -value);
    if (back.some((value) => value < 0))
      traces.push(
        bar("paid back", span, back, "#fff", "USD million", { marker: { line: { color: palette.ink, width: 1 } } }),
      );
    const line = (name, values, dash, colour) => ({
      type: "scatter",
      mode: "lines",
      name: plain(name),
      x: span,
      y: values,
      line: { dash, color: colour, width: 2 },
      customdata: texts(values, ""),
      hovertemplate: "%{customdata}",
    });
    traces.push(line("outlay in the stress view", perYear(list, "stress_usd_million"), "solid", palette.bad));
    [...groupBy(here("budgets"), "pot")].forEach(([pot, part], n) => {
      for (const [view, each] of groupBy(part, "view")) {
        traces.push(
          line(
            `budget ${pot}, ${view}`,
            over(each, "budget_usd_million", span),
            view === "stress" ? "dot" : "dash",
            [palette.ink, ...palette.series][n % 9],
          ),
        );
      }
    });
    const now = list.filter((row) => row.year === chosen.year);
    return {
      panels: list.length
        ? [
            {
              key: "payments",
              isWide: true,
              title: "Support by project and year (USD million)",
              traces,
              layout: yearLayout("USD million", { barmode: "relative", height: 380, showlegend: true }),
            },
          ]
        : [],
      rows: list,
      isChosen: (row) => row.year === chosen.year,
      columns: [
        { key: "facility", title: "Project", describe: (key) => nameOf("facilities", key) },
        { key: "year", title: "Year", unit: "year" },
        { key: "outlay_usd_million", title: "Pays and lends", unit: "USD million" },
        { key: "back_usd_million", title: "Paid back", unit: "USD million" },
        { key: "stress_usd_million", title: "Pays in the stress view", unit: "USD million" },
      ],
      words: list.length
        ? `In ${chosen.year} the treasury pays ${formatted(sum(now, "outlay_usd_million"))} USD million, ${formatted(sum(now, "stress_usd_million"))} in the stress view.`
        : "No support is awarded.",
    };
  },

  budgets() {
    return {
      panels: [],
      rows: here("budgets"),
      isChosen: (row) => row.year === chosen.year,
      words: "",
      columns: [
        { key: "pot", title: "Pot" },
        { key: "view", title: "View" },
        { key: "year", title: "Year", unit: "year" },
        { key: "outlay_usd_million", title: "Outlay", unit: "USD million" },
        { key: "budget_usd_million", title: "Budget", unit: "USD million" },
      ],
    };
  },

  awards() {
    return {
      panels: [],
      rows: here("awards"),
      words: "",
      columns: [
        { key: "facility", title: "Project", describe: (key) => nameOf("facilities", key) },
        { key: "offer", title: "Offer" },
        { key: "form", title: "Form", describe: formName },
        { key: "applies_to", title: "For capacity" },
        { key: "award_year", title: "Award", unit: "year" },
        { key: "first_year", title: "First year", unit: "year" },
        { key: "last_year", title: "Last year", unit: "year" },
        {
          key: "expected",
          title: "Expected",
          describe: (_, row) => {
            if (Math.abs(row.net_present_usd_million) <= page.even) return "insurance";
            return row.net_present_usd_million > 0 ? "costs the treasury" : "earns it";
          },
        },
        { key: "t_per_year", title: "Capacity", unit: "t/yr" },
        { key: "amount", title: "Amount", unit: "", describe: (_, row) => tellAmount(row) },
        { key: "paid_usd_million", title: "Pays", unit: "USD million" },
        { key: "lent_usd_million", title: "Lends", unit: "USD million" },
        { key: "back_usd_million", title: "Paid back", unit: "USD million" },
        { key: "tail_usd_million", title: "After the plan", unit: "USD million" },
        { key: "net_present_usd_million", title: "Present value", unit: "USD million" },
        { key: "stress_net_present_usd_million", title: "Present value in a slump", unit: "USD million" },
      ],
    };
  },
});
