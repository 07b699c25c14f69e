// The map: where the chosen mineral is made in the chosen year, stage by stage, and where it is shipped.

const mostRoutes = 40;
const isShipped = (row) => {
  const [from, to] = [row.from_node.split(" · "), row.to_node.split(" · ")];
  return from.length === 2 && to.length === 2 && from[0] === to[0] && from[1] !== to[1];
};

// A shipment: from where to where, of which stage.
function shipmentsOf(list) {
  const found = new Map();
  for (const row of list.filter(isShipped)) {
    const [material, from] = row.from_node.split(" · ");
    const to = row.to_node.split(" · ")[1];
    const stage = page.stages[page.steps[material]];
    const key = JSON.stringify([stage, from, to, row.provenance]);
    if (!found.has(key)) found.set(key, { stage, from, to, provenance: row.provenance, t: 0 });
    found.get(key).t += row.t;
  }
  return [...found.values()].sort((a, b) => b.t - a.t);
}

// A bent line from one place to another, so that what goes there and back lies apart.
function bend([ax, ay], [bx, by]) {
  const [mx, my] = [(ax + bx) / 2 - 0.15 * (by - ay), (ay + by) / 2 + 0.15 * (bx - ax)];
  const at = (k) => (a, m, b) => (1 - k) * (1 - k) * a + 2 * k * (1 - k) * m + k * k * b;
  const steps = [...Array(13).keys()].map((n) => at(n / 12));
  return { x: steps.map((along) => along(ax, mx, bx)), y: steps.map((along) => along(ay, my, by)) };
}

const mapColours = { clear: palette.met.clear, exposed: palette.met.exposed };

function routeTrace(row, most) {
  const { places } = page.outlines;
  const line = bend(places[row.from], places[row.to]);
  const colour = mapColours[row.provenance] || palette.ink;
  return {
    type: "scatter",
    mode: "lines+markers",
    ...line,
    line: { color: colour, width: 1 + 6 * Math.sqrt(row.t / most), dash: row.provenance === "exposed" ? "dot" : "solid" },
    opacity: 0.75,
    marker: {
      symbol: "arrow",
      angleref: "previous",
      color: colour,
      opacity: 1,
      line: { width: 0 },
      size: line.x.map((_, n) => (n === 7 ? 9 + 8 * Math.sqrt(row.t / most) : 0)),
    },
    name: "route",
    hoverinfo: "text",
    text: `${plain(nameOf("regions", row.from))} → ${plain(nameOf("regions", row.to))}: ${formatted(row.t)} t, ${label(row.provenance)}`,
    showlegend: false,
  };
}

function madeTrace(provenance, list, most, whole) {
  const { places } = page.outlines;
  return {
    type: "scatter",
    mode: "markers+text",
    showlegend: false,
    x: list.map((row) => places[row.region][0]),
    y: list.map((row) => places[row.region][1]),
    marker: {
      symbol: provenance === "exposed" ? "circle-x" : "circle",
      size: list.map((row) => 6 + 28 * Math.sqrt(row.t / most)),
      color: mapColours[provenance],
      opacity: 0.85,
      line: { color: "#fff", width: 1 },
    },
    text: list.map((row) => (row.t > 0.04 * whole ? plain(row.region) : "")),
    textposition: "top center",
    textfont: { size: 11, color: palette.ink },
    customdata: list.map(
      (row) => `${plain(nameOf("regions", row.region))} makes ${formatted(row.t)} t, ${label(provenance)} (${formatted(row.t / whole, "share")})`,
    ),
    hovertemplate: "%{customdata}<extra></extra>",
  };
}

function mapPanel(stage, made, routes) {
  const { land, borders, places } = page.outlines;
  const [here_, ways] = [
    made.filter((row) => places[row.region]),
    routes.filter((row) => places[row.from] && places[row.to]).slice(0, mostRoutes),
  ];
  const whole = sum(made, "t");
  const most = Math.max(...made.map((row) => row.t), 0);
  const widest = Math.max(...ways.map((row) => row.t), 0);
  const byProvenance = groupBy(here_, "provenance");
  const outline = (path, more) => ({ type: "path", path, xref: "x", yref: "y", layer: "below", ...more });
  const keys = Object.keys(mapColours).map((provenance) => ({
    type: "scatter",
    mode: "lines",
    name: label(provenance),
    x: [null],
    y: [null],
    line: { color: mapColours[provenance], dash: provenance === "exposed" ? "dot" : "solid" },
  }));
  const axis = { visible: false, showgrid: false, zeroline: false };
  return {
    key: stage,
    aspect: 0.47,
    title: `${nameOf("stages", stage)} (${formatted(whole)} t)`,
    traces: [
      ...ways.map((row) => routeTrace(row, widest)),
      ...[...byProvenance].map(([provenance, list]) => madeTrace(provenance, list, most, whole)),
      ...keys,
    ],
    layout: layout({
      height: 320,
      showlegend: true,
      hovermode: "closest",
      margin: { l: 0, r: 0, t: 4, b: 0 },
      shapes: [
        outline(land, { fillcolor: "#e8ebee", line: { color: "#aab2ba", width: 0.6 } }),
        outline(borders, { line: { color: "#fff", width: 0.7 } }),
      ],
      xaxis: { ...axis, range: [-150, 157] },
      yaxis: { ...axis, range: [-58, 84], scaleanchor: "x" },
    }),
  };
}

Object.assign(figures, {
  map() {
    const made = here("made", { mineral: chosen.mineral, year: chosen.year });
    const routes = shipmentsOf(here("flows", { mineral: chosen.mineral, year: chosen.year }));
    const byStage = groupBy(made, "stage");
    const stages = page.stages.filter((stage) => byStage.has(stage) || routes.some((row) => row.stage === stage));
    const named = [...made.map((row) => row.region), ...routes.flatMap((row) => [row.from, row.to])];
    const lost = [...new Set(named)].filter((region) => !page.outlines.places[region]);
    const first = (part) => [...groupBy(part, "region")]
      .map(([region, list]) => [region, sum(list, "t") / sum(part, "t")])
      .sort((a, b) => b[1] - a[1])[0];
    const words = stages
      .filter((stage) => byStage.has(stage))
      .map((stage) => {
        const [region, share] = first(byStage.get(stage));
        return `${nameOf("stages", stage)} ${nameOf("regions", region)} ${formatted(share, "share")}`;
      });
    return {
      panels: stages.map((stage) =>
        mapPanel(
          stage,
          byStage.get(stage) || [],
          routes.filter((row) => row.stage === stage),
        ),
      ),
      rows: [
        ...made.map((row) => ({ what: "made", from: row.region, to: "", ...row })),
        ...routes.map((row) => ({ what: "shipped", ...row })),
      ],
      columns: [
        { key: "stage", title: "Stage", describe: (key) => nameOf("stages", key) },
        { key: "what", title: "What" },
        { key: "from", title: "Region", describe: (key) => nameOf("regions", key) },
        { key: "to", title: "To", describe: (key) => nameOf("regions", key) },
        { key: "provenance", title: "Provenance", describe: label },
        { key: "t", title: "Amount", unit: "t/yr" },
      ],
      words: `${words.length ? `Largest in ${chosen.year}: ${words.join(", ")}.` : "Nothing is made."}${lost.length ? ` Without a place on the map: ${lost.map((key) => nameOf("regions", key)).join(", ")} (latitude and longitude in the sheet regions).` : ""}`,
    };
  },
});
