// The figure of points of failure: what it costs when one thing stands still, and what steps in.

const failureKinds = { region: "region", facility: "plant", route: "route", material: "all", pair: "both" };
const failureColours = {
  region: palette.series[6],
  facility: palette.series[0],
  route: palette.series[1],
  material: palette.series[3],
  pair: palette.series[4],
};
const failed = (row) => `${row.kind} ${row.name}`;

// A region, facility, route or material/region, in words.
function partOfFailure(name) {
  const [places, material] = name.split(":");
  const place = (region) => nameOf("regions", region);
  if (material) return `${places.split(">").map(place).join(" to ")}, ${brief(nameOf("materials", material))}`;
  const [first, region] = name.split("/");
  return region ? `${brief(nameOf("materials", first))} of ${place(region)}` : nameOf("facilities", place(first));
}
const failureName = (row) =>
  `${failureKinds[row.kind]} ${row.name.split(" & ").map(partOfFailure).join(" and ")}`;
const failureLabel = (row) =>
  row.kind === "pair" ? row.name.split(" & ").map((name) => cut(partOfFailure(name), isNarrow() ? 12 : 26)).join(" + ") : failureName(row);

// What steps in while something stands still, by what fails.
function helpersOf(list) {
  const byFailure = groupBy(
    list.map((row) => ({ ...row, key: failed(row) })),
    "key",
  );
  const describe = (help) => `${help.helper === "stock" ? "stock of " : ""}${partName(help.helper_name)}`;
  const amount = (help) => ` +${formatted(help.t)} t`;
  return (row, withTonnes = true) =>
    (byFailure.get(failed(row)) || [])
      .map((help) => (withTonnes ? describe(help) + amount(help) : brief(describe(help))))
      .join(", ") || "nothing";
}

function failurePanel(key, what, list, stepped) {
  const y = apart(list.map((row) => plain(cutLabel(failureLabel(row), 56))));
  const most = Math.max(...list.map((row) => row.extra_cost_usd_million));
  const isLong = (row) => row.extra_cost_usd_million > 0.45 * most;
  const beside = (row) =>
    `${row.worst_mineral ? `${formatted(row.months_lost)} months of ${nameOf("minerals", row.worst_mineral)} short; ` : ""}${stepped(row, false)}`;
  const lost = (row) =>
    row.worst_mineral
      ? `${formatted(row.months_lost)} months of ${nameOf("minerals", row.worst_mineral)} lost`
      : "no demand lost";
  const kinds = Object.keys(failureColours).filter((kind) => list.some((row) => row.kind === kind));
  return {
    key,
    isWide: true,
    title: `${what}, ${list[0].first_year} to ${list[0].last_year} (USD million, with penalties)`,
    traces: kinds.map((kind) => ({
      type: "bar",
      orientation: "h",
      name: failureKinds[kind],
      y,
      x: list.map((row) => (row.kind === kind ? row.extra_cost_usd_million : null)),
      marker: { color: failureColours[kind] },
      text: list.map((row) => (row.kind === kind && !isNarrow() ? plain(cut(beside(row), isLong(row) ? 56 : 80)) : "")),
      textposition: list.map((row) => (isLong(row) ? "inside" : "outside")),
      insidetextanchor: "end",
      cliponaxis: false,
      customdata: list.map(
        (row) =>
          `${formatted(row.extra_cost_usd_million)} USD million, of which penalties ${formatted(row.penalty_usd_million)}; ${plain(lost(row))}; stepped in: ${plain(stepped(row))}`,
      ),
      hovertemplate: "%{customdata}",
    })),
    layout: barLayout(list.length, "", {
      showlegend: true,
      height: 70 + 24 * list.length,
      xaxis: { range: [0, 1.02 * most] },
    }),
  };
}

Object.assign(figures, {
  failures() {
    const list = here("failures");
    const stepped = helpersOf(here("failure_helpers"));
    const short = here("failure_minerals", { mineral: chosen.mineral }).filter((row) => row.months_lost > 0.05);
    const about = new Set(short.map(failed));
    const apartFrom = list.filter((row) => !row.same_as);
    const first = apartFrom.filter((row) => row.kind !== "pair" && about.has(failed(row))).slice(0, 3);
    const mineral = nameOf("minerals", chosen.mineral);
    const words = first.length
      ? `The first single points of failure of ${mineral}: ${first.map((row) => `${failureName(row)} (stepped in: ${stepped(row)})`).join("; ")}.`
      : `No single failure leaves demand for ${mineral} short.`;
    return {
      panels: [
        ["worst", "The costliest failures", apartFrom.filter((row) => row.kind !== "pair").slice(0, 20)],
        ["pairs", "The costliest failures of two things", apartFrom.filter((row) => row.kind === "pair").slice(0, 10)],
      ]
        .filter(([, , shown]) => shown.length)
        .map(([key, what, shown]) => failurePanel(key, what, shown, stepped)),
      rows: list,
      isChosen: (row) => about.has(failed(row)),
      columns: [
        { key: "rank", title: "Rank" },
        { key: "name", title: "What fails", describe: (_, row) => failureName(row) },
        { key: "extra_cost_usd_million", title: "Extra cost", unit: "USD million" },
        { key: "penalty_usd_million", title: "Penalties in it", unit: "USD million" },
        { key: "worst_mineral", title: "Shortest of", describe: (key) => nameOf("minerals", key) },
        { key: "months_lost", title: "Demand lost", unit: "months" },
        { key: "same_as", title: "Mostly the same as", describe: (value) => (value ? partOfFailure(value) : "") },
        { key: "steps", title: "What steps in", describe: (_, row) => stepped(row) },
      ],
      words: list.length ? words : "Points of failure were not looked for in this scenario.",
    };
  },
});
