// The figures about the frontier, the alternatives and lead times.

// `share_onshore`, `support_paid`, or `new_capacity facility`.
function measureName(row) {
  const [what, facility] = row.measure.split(" ");
  if (facility) return plain(cut(nameOf("facilities", facility), 44));
  return plain(what === "support_paid" ? "treasury pays" : label(what.replace("share_", "")));
}

const frontierName = (multiple) =>
  multiple === 1
    ? "support budgets as they are"
    : multiple === 0
      ? "no support budget"
      : `${formatted(multiple)} times the support budgets`;

Object.assign(figures, {
  frontier() {
    const list = here("frontier");
    const least = Math.min(...list.map((row) => row.cost_usd_million));
    const alone = [...groupBy(list, "budget_multiple")].filter(([, part]) => part.length === 1);
    const traces = [...groupBy(list, "budget_multiple")].map(([multiple, part], n) => ({
      type: "scatter",
      mode: "lines+markers",
      name: frontierName(multiple),
      x: part.map((row) => row.exposure_index),
      y: part.map((row) => row.cost_usd_million - least),
      marker: { color: palette.series[n % 8], size: 8, symbol: n },
      line: { color: palette.series[n % 8], dash: ["solid", "dash", "dot"][n % 3] },
      customdata: part.map(
        (row) =>
          `${row.most_exposed ? `${plain(nameOf("minerals", row.most_exposed))} ${formatted(row.most_exposed_share, "share")}, ` : ""}index ${formatted(row.exposure_index, "share")}, cost ${formatted(row.cost_usd_million)} USD million of which penalties ${formatted(row.penalties_usd_million)}, support ${formatted(row.support_usd_million)} USD million`,
      ),
      hovertemplate: "%{customdata}",
    }));
    return {
      panels: list.length
        ? [
            {
              key: "frontier",
              isWide: true,
              title: "Least cost for every exposure",
              traces,
              layout: layout({
                height: 420,
                showlegend: true,
                hovermode: "closest",
                xaxis: {
                  title: { text: `exposure index, ${page.index_from}-${years[years.length - 1]}` },
                  tickformat: ".1%",
                },
                yaxis: { title: { text: "cost above the least, with penalties, USD million" }, rangemode: "tozero" },
              }),
            },
          ]
        : [],
      // Points lie close together: a digit more than elsewhere.
      columns: declared("frontier").map((column) =>
        column.unit === "share" ? { ...column, describe: (value) => `${(100 * value).toFixed(1)} %` } : column,
      ),
      rows: list,
      words: list.length
        ? `Cost is drawn above the least, ${formatted(least)} USD million.${alone.map(([multiple]) => ` With ${frontierName(multiple)} the frontier has one point: no plan is less exposed than the least-cost plan.`).join("")}`
        : "No frontier was drawn for this scenario.",
    };
  },

  alternatives() {
    const list = here("alternatives");
    // What is measured in different units cannot share an axis. Nor can mines and magnet plants by the tonne: each is
    // drawn as a share of the most it can be.
    const most = new Map(
      [...groupBy(list, "measure")].map(([measure, every]) => [
        measure,
        Math.max(...every.map((row) => row.highest)) || 1,
      ]),
    );
    const panels = [...groupBy(list, "slack")].flatMap(([slack, every]) =>
      [...groupBy(every, "unit")].map(([unit, part]) => {
        const isCapacity = unit === "t/yr",
          scale = (row, key) => row[key] / (isCapacity ? most.get(row.measure) : 1);
        const y = apart(part.map(measureName));
        return {
          key: `slack ${slack} ${unit}`,
          title: `Within ${formatted(slack, "share")} of least cost: ${isCapacity ? "new capacity (share of the most)" : unit === "share" ? "pathways (share of output)" : `public money (${unit})`}`,
          traces: [
            {
              type: "bar",
              orientation: "h",
              name: "range",
              y,
              base: part.map((row) => scale(row, "lowest")),
              x: part.map((row) => scale(row, "highest") - scale(row, "lowest")),
              marker: { color: palette.series[1] },
              customdata: part.map((row) => `${formatted(row.lowest, unit)} to ${formatted(row.highest, unit)}`),
              hovertemplate: "%{customdata}",
            },
            {
              type: "scatter",
              mode: "markers",
              name: "least-cost plan",
              y,
              x: part.map((row) => scale(row, "at_least_cost")),
              marker: { color: palette.ink, symbol: "diamond", size: 9 },
              customdata: part.map((row) => formatted(row.at_least_cost, unit)),
              hovertemplate: "%{customdata}",
            },
          ],
          layout: barLayout(part.length, "", {
            height: 70 + 26 * part.length,
            showlegend: true,
            hovermode: "y unified",
            xaxis: unit === "USD million" ? {} : { tickformat: ".0%" },
          }),
        };
      }),
    );
    return { panels, rows: list, columns: declared("alternatives"), words: list.length ? "" : "None were looked for." };
  },

  lead_times() {
    const list = here("lead_times");
    return {
      ...asWritten("lead_times"),
      words: list.length ? "" : "Not looked at for this scenario.",
      panels: list.length
        ? [
            savedPanel(
              "lead_times",
              "Saved by one year less of lead time (USD million, with penalties)",
              list.map((row) => [nameOf("facilities", row.facility), row.usd_million]),
            ),
          ]
        : [],
    };
  },
});
