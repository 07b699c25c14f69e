// The figures about shocks and the plan hedged against them.

const stressed = [
  ["extra_without_penalties_usd_million", "Extra cost without penalties", "USD million"],
  ["extra_penalties_usd_million", "Extra penalties", "USD million"],
  ["most_exposed_share", "Exposed share of the most exposed mineral", "share"],
  ["most_short_share", "Share not met of the mineral most short", "share"],
  ["support_usd_million", "Support paid and lent", "USD million"],
];

const shockName = (key) => plain(short(key));

// Every plan under every shock, the number in each field.
function matrix(list, key, words, unit) {
  const shocks = [...groupBy(list, "shock").keys()];
  const plans = [...groupBy(list, "scenario")];
  const z = plans.map(([, part]) =>
    shocks.map((shock) => (part.find((row) => row.shock === shock) || {})[key] ?? null),
  );
  const text = z.map((line) => texts(line, unit));
  return {
    key: `matrix ${key}`,
    isWide: true,
    least: 620,
    title: `${words} of every plan under every shock (${unit})`,
    traces: [
      {
        type: "heatmap",
        x: shocks.map((shock) => shockName(shock)),
        y: apart(plans.map(([scenario]) => plain(short(scenario)))),
        z,
        text,
        texttemplate: "%{text}",
        customdata: z.map(() => shocks.map((key) => plain(nameOf("scenarios", key)))),
        hovertemplate: "%{y}<br>%{customdata}: %{text}<extra></extra>",
        colorscale: [
          [0, "#fff"],
          [1, palette.series[4]],
        ],
        showscale: false,
        xgap: 2,
        ygap: 2,
      },
    ],
    layout: layout({
      height: 90 + 26 * plans.length,
      xaxis: { side: "top", type: "category", tickfont: { size: 11 } },
      yaxis: { autorange: "reversed", type: "category" },
    }),
  };
}

function savedPanel(key, words, list) {
  const x = list.map(([, value]) => value);
  return {
    key,
    title: words,
    traces: [
      {
        type: "bar",
        orientation: "h",
        name: "saved",
        y: apart(list.map(([name]) => plain(cut(name, 44)))),
        x,
        customdata: texts(x, "USD million"),
        hovertemplate: "%{y}: %{customdata}<extra></extra>",
        marker: { color: x.map((value) => (value < 0 ? palette.more : palette.less)) },
      },
    ],
    layout: barLayout(list.length, ""),
  };
}

Object.assign(figures, {
  stress() {
    const mine = here("stress");
    const other = chosen.base === chosen.scenario ? [] : rows("stress", { scenario: chosen.base });
    const panels = mine.length
      ? stressed.map(([key, words, unit]) => ({
          key,
          title: `${words} (${unit})`,
          traces: [
            [mine, chosen.scenario, palette.series[0]],
            [other, chosen.base, palette.series[7]],
          ]
            .filter(([list]) => list.length)
            .map(([list, scenario, colour]) => ({
              type: "bar",
              orientation: "h",
              name: plain(title(scenario)),
              y: apart(list.map((row) => shockName(row.shock))),
              x: list.map((row) => row[key]),
              customdata: texts(
                list.map((row) => row[key]),
                unit,
              ),
              hovertemplate: "%{customdata}",
              marker: { color: colour },
            })),
          layout: barLayout(mine.length, "", {
            barmode: "group",
            showlegend: other.length > 0,
            height: 70 + 34 * mine.length,
            hovermode: "y unified",
            xaxis: unit === "share" ? { tickformat: ".0%" } : {},
          }),
        }))
      : [];
    const every = rows("stress", {});
    if (groupBy(every, "scenario").size > 1)
      panels.push(...stressed.map(([key, words, unit]) => matrix(every, key, words, unit)));
    return { ...asWritten("stress"), panels, words: mine.length ? "" : "This scenario was not put to a stress test." };
  },

  regret() {
    const every = rows("regret", {});
    return {
      ...asWritten("regret"),
      panels: every.length
        ? [
            matrix(every, "without_penalties_usd_million", "Regret without penalties", "USD million"),
            matrix(every, "penalties_usd_million", "Penalties in the regret", "USD million"),
          ]
        : [],
    };
  },

  stress_savings() {
    const list = here("stress_savings");
    const panels = [...groupBy(list, "shock")].map(([shock, part]) =>
      savedPanel(
        shock,
        `${nameOf("scenarios", shock)} (USD million, with penalties)`,
        [...part]
          .sort((a, b) => b.saved_usd_million - a.saved_usd_million)
          .map((row) => [`${row.kind}: ${partName(row.name)}`, row.saved_usd_million]),
      ),
    );
    return {
      ...asWritten("stress_savings"),
      panels,
      words: list.length ? "" : "Nothing softens or worsens a shock for this scenario.",
    };
  },

  hedge() {
    const found = new Map(here("hedge").map((row) => [row.measure, row.value]));
    const futures = [...found.keys()]
      .filter((key) => key.startsWith("foreseen_cost: "))
      .map((key) => key.slice("foreseen_cost: ".length));
    const ways = [
      ["plan", "plan for no shock kept", palette.series[7]],
      ["hedged", "hedged plan", palette.series[0]],
    ];
    const more = (way, future) => found.get(`${way}_cost: ${future}`) - found.get(`foreseen_cost: ${future}`);
    const y = apart(
      futures.map((future) => `${shockName(future)}, ${formatted(found.get(`probability: ${future}`), "share")}`),
    );
    return {
      ...asWritten("hedge"),
      panels: futures.length
        ? [
            {
              key: "hedge",
              isWide: true,
              title: "What each way of deciding costs more than foresight, with penalties (USD million)",
              traces: ways.map(([way, name, colour]) => ({
                type: "bar",
                orientation: "h",
                name,
                y,
                x: futures.map((future) => more(way, future)),
                marker: { color: colour },
                customdata: texts(
                  futures.map((future) => more(way, future)),
                  "USD million",
                ),
                hovertemplate: "%{customdata}",
              })),
              layout: barLayout(futures.length, "", {
                barmode: "group",
                showlegend: true,
                height: 70 + 38 * futures.length,
                hovermode: "y unified",
              }),
            },
          ]
        : [],
      words: futures.length
        ? `${found.has("insurance_premium") ? `Without a shock the hedged plan costs ${formatted(found.get("insurance_premium"))} USD million more than the plan for no shock. ` : ""}On average over all futures the hedged plan saves ${formatted(found.get("value_of_stochastic_solution"))} USD million (value of the stochastic solution). To know the future would save ${formatted(found.get("value_of_perfect_information"))} more (value of perfect information).`
        : "",
    };
  },
});
