// The figures about draws: projects by share of draws, fans over the years, and what drives them.

const classColours = { "no regret": palette.series[0], depends: palette.series[1], never: palette.series[7] };
const fanWords = { cost: "Cost of a year, without penalties", penalties: "Penalties of a year", exposure: "Exposure index", outlay: "Outlay of the treasury" };
const measureOfDraws = {
  cost_usd_million: "Cost, with penalties",
  penalty_usd_million: "Penalties",
  exposure_index: "Exposure index",
  most_short_share: "Share not met of the mineral most short",
  pays_usd_million: "Outlay of the treasury",
  regret_usd_million: "Regret, with penalties",
  regret_penalty_usd_million: "Penalties in the regret",
};

// What a project depends on, and what would do as well, in a few words beside its bar.
const hangsOn = (row) => (row.depends_on ? `${row.correlation < 0 ? "less" : "more"} with ${row.depends_on}` : "");
const wouldDo = (row) =>
  row.tied_with ? `in ${formatted(row.tied_share, "share")} of draws ${namesOf(row.tied_with)} would do as well` : "";

// A fan: what half of the draws and nine in ten of them stay within, and the middle.
function fanPanel(measure, list) {
  const unit = list[0].unit;
  const at = list.map((row) => row.year);
  const edge = (key, fill) => ({
    type: "scatter",
    mode: "lines",
    x: at,
    y: list.map((row) => row[key]),
    line: { width: 0 },
    hoverinfo: "skip",
    ...(fill ? { fill: "tonexty", fillcolor: fill } : {}),
  });
  return {
    key: `fan ${measure}`,
    title: `${fanWords[measure]} (${unit})`,
    traces: [
      edge("p5"),
      { ...edge("p95", "rgba(51,34,136,0.18)"), name: "nine draws in ten" },
      edge("p25"),
      { ...edge("p75", "rgba(51,34,136,0.35)"), name: "half of the draws" },
      {
        type: "scatter",
        mode: "lines",
        name: "median",
        x: at,
        y: list.map((row) => row.p50),
        line: { color: palette.series[0], width: 2 },
        customdata: list.map(
          (row) => `${formatted(row.p50, unit)}; nine in ten from ${formatted(row.p5, unit)} to ${formatted(row.p95, unit)}`,
        ),
        hovertemplate: "%{customdata}",
      },
    ],
    layout: yearLayout(unit, { yaxis: unit === "share" ? { tickformat: ".0%" } : {} }),
  };
}

Object.assign(figures, {
  draw_builds() {
    const list = here("draw_builds");
    const shown = list.filter((row) => row.built_share > 0).slice(0, 60);
    const y = apart(shown.map((row) => plain(cutLabel(nameOf("facilities", row.facility), 46))));
    const kinds = Object.keys(classColours).filter((kind) => shown.some((row) => row.class === kind));
    const count = (kind) => list.filter((row) => row.class === kind).length;
    return {
      panels: shown.length
        ? [
            {
              key: "built",
              isWide: true,
              title: "Share of draws in which a project is built",
              traces: kinds.map((kind) => ({
                type: "bar",
                orientation: "h",
                name: kind,
                y,
                x: shown.map((row) => (row.class === kind ? row.built_share : null)),
                marker: {
                  color: classColours[kind],
                  pattern: { shape: shown.map((row) => (row.tied_with ? "/" : "")), fgcolor: "#ffffff", size: 6 },
                },
                text: shown.map((row) => (row.class === kind && !isNarrow() ? plain(cut(hangsOn(row), 44)) : "")),
                textposition: "auto",
                cliponaxis: false,
                customdata: shown.map((row) =>
                  [
                    `${formatted(row.built_share, "share")} of draws, ${formatted(row.low_t_per_year)} to ${formatted(row.high_t_per_year)} t/yr, from ${row.decision_year}`,
                    plain(hangsOn(row)),
                    plain(wouldDo(row)),
                  ]
                    .filter(Boolean)
                    .join("; "),
                ),
                hovertemplate: "%{customdata}",
              })),
              layout: barLayout(shown.length, "", {
                showlegend: true,
                height: 70 + 22 * shown.length,
                xaxis: { tickformat: ".0%", range: [0, 1] },
              }),
            },
          ]
        : [],
      rows: list,
      columns: declared("draw_builds"),
      words: list.length
        ? `Built in at least 90 % of draws (no regret): ${count("no regret")}; depending on what is drawn: ${count("depends")}; built in less than 10 %: ${count("never")}, of which in no draw ${list.filter((row) => row.built_share === 0).length}. ${list.some((row) => row.tied_with) ? "Hatched: in some draws another project would do as well, so that it is chance which of them is built." : ""}`
        : "No world was drawn for this scenario, or none builds anything.",
    };
  },

  draw_years() {
    const list = here("draw_years");
    return {
      panels: [...groupBy(list, "measure")].map(([measure, part]) => fanPanel(measure, part)),
      rows: list,
      columns: declared("draw_years"),
      words: list.length ? "Dark: half of the draws; light: nine in ten; line: the median." : "",
    };
  },

  draw_drivers() {
    const list = here("draw_drivers");
    const panels = [...groupBy(list, "measure")].map(([measure, part]) => {
      const shown = part.slice(0, 10);
      const x = shown.map((row) => row.correlation);
      return {
        key: measure,
        title: `${measureOfDraws[measure]}: rank correlation`,
        traces: [
          {
            type: "bar",
            orientation: "h",
            name: "correlation",
            y: apart(shown.map((row) => plain(cutLabel(row.input, 40)))),
            x,
            customdata: shown.map(
              (row) =>
                `${row.correlation.toFixed(2)}${isNumber(row.partial_correlation) ? `, ${row.partial_correlation.toFixed(2)} with the other strong inputs held` : ""}`,
            ),
            hovertemplate: "%{customdata}<extra></extra>",
            marker: {
              color: x.map((value) => (value < 0 ? palette.less : palette.more)),
              opacity: shown.map((row) => (row.beyond_chance === "yes" ? 1 : 0.35)),
            },
          },
        ],
        layout: barLayout(shown.length, "", { xaxis: { range: [-1, 1] } }),
      };
    });
    return { panels, rows: list, columns: declared("draw_drivers"), words: list.length ? "Pale: no stronger than chance would make the strongest of so many inputs." : "" };
  },

  foresight() {
    const list = here("foresight");
    const cost = list.find((row) => row.measure === "cost");
    return {
      panels: [],
      rows: list,
      columns: [
        { key: "measure", title: "Measure", describe: (value) => value.replaceAll("_", " ") },
        { key: "limited", title: "Limited foresight", describe: (value, row) => formatted(value, row.unit) },
        { key: "full", title: "All years foreseen", describe: (value, row) => formatted(value, row.unit) },
        { key: "difference", title: "Difference", describe: (value, row) => signed(value, row.unit) },
        { key: "unit", title: "Unit" },
      ],
      words: cost ? `Looking ahead is worth ${formatted(cost.difference)} USD million.` : "",
    };
  },

  foresight_builds() {
    const list = here("foresight_builds");
    const shown = list.slice(0, 20);
    const most = shown.map((row) => Math.max(row.limited_t_per_year, row.full_t_per_year) || 1);
    const y = apart(shown.map((row) => plain(cutLabel(nameOf("facilities", row.facility), 46))));
    const trace = (key, name, colour) => ({
      type: "bar",
      orientation: "h",
      name,
      y,
      x: shown.map((row, n) => row[`${key}_t_per_year`] / most[n]),
      marker: { color: colour },
      customdata: shown.map((row) =>
        isNumber(row[`${key}_year`])
          ? `${formatted(row[`${key}_t_per_year`])} t/yr, first decided in ${row[`${key}_year`]}`
          : "not built",
      ),
      hovertemplate: "%{customdata}",
    });
    return {
      panels: shown.length
        ? [
            {
              key: "late",
              isWide: true,
              title: "New capacity with limited and with full foresight (share of the larger)",
              traces: [
                trace("full", "all years foreseen", palette.series[0]),
                trace("limited", "limited foresight", palette.series[1]),
              ],
              layout: barLayout(shown.length, "", {
                barmode: "group",
                showlegend: true,
                height: 70 + 34 * shown.length,
                hovermode: "y unified",
                xaxis: { tickformat: ".0%" },
              }),
            },
          ]
        : [],
      rows: list,
      columns: declared("foresight_builds"),
      words: list.length
        ? `Decided in another year or size: ${list.length}; ${list.filter((row) => row.years_late > 0).length} later, ${list.filter((row) => row.limited_year === null).length} not at all. ${list.some((row) => row.tied_with) ? `Another project would do as well as ${list.filter((row) => row.tied_with).length} of them: there the difference may be chance.` : ""}`
        : "The same projects are decided with limited foresight.",
    };
  },
});
