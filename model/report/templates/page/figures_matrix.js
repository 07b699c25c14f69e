// The matrix: minerals down, scenarios across, the colour and the number of one measure in the chosen year.

const matrixMeasures = [
  { key: "exposed_share", name: "Exposure", unit: "share", colour: [161, 58, 0], most: () => 1 },
  { key: "unmet_share", name: "Not met", unit: "share", colour: [26, 26, 26] },
  { key: "cost_usd_million", name: "Supply cost against the base", unit: "USD million", isDifference: true, colour: [204, 102, 119] },
  { key: "home_share", name: "Share from home", unit: "share", colour: [51, 34, 136], most: () => 1 },
  { key: "outlay_usd_million", name: "Outlay", unit: "USD million", colour: [170, 68, 153] },
];
const fallen = [153, 153, 51];

// From white to a colour, by a share of the largest; what is below zero towards blue.
function shadeOf(value, most, colour) {
  if (!isNumber(value) || !most || !value) return null;
  const part = 0.12 + 0.88 * Math.min(1, Math.sqrt(Math.abs(value) / most));
  const mixed = (value < 0 ? fallen : colour).map((one) => Math.round(255 + (one - 255) * part));
  const light = (0.299 * mixed[0] + 0.587 * mixed[1] + 0.114 * mixed[2]) / 255;
  return { background: `rgb(${mixed.join(",")})`, color: light < 0.56 ? "#fff" : palette.ink };
}

function measureButtons() {
  const bar = make("div", { class: "measures", role: "group", "aria-label": "What the matrix shows" });
  for (const { key, name } of matrixMeasures) {
    const button = make("button", { type: "button", "aria-pressed": String(chosen.measure === key) }, name);
    button.addEventListener("click", () => {
      chosen.measure = key;
      follow();
      document.querySelector('.measures [aria-pressed="true"]').focus();
    });
    bar.append(button);
  }
  return bar;
}

// The cells as a picture of fields; the page itself shows them as a table of links.
function matrixPicture(words, lines, scenarios, measure, most) {
  const z = lines.map((line) => scenarios.map((key) => line[key] ?? null));
  const describe = measure.isDifference ? signed : formatted;
  const rgb = (colour) => `rgb(${colour.join(",")})`;
  return {
    title: words,
    traces: [
      {
        type: "heatmap",
        x: apart(scenarios.map((key) => plain(short(key)))),
        y: apart(lines.map((line) => plain(nameOf("minerals", line.mineral)))),
        z: z.map((line) => line.map((value) => (value === null ? null : Math.sign(value) * Math.sqrt(Math.abs(value) / most)))),
        zmin: measure.isDifference ? -1 : 0,
        zmax: 1,
        text: z.map((line) => texts(line, measure.unit, describe)),
        texttemplate: "%{text}",
        colorscale: [...(measure.isDifference ? [[0, rgb(fallen)], [0.5, "#fff"]] : [[0, "#fff"]]), [1, rgb(measure.colour)]],
        showscale: false,
        xgap: 2,
        ygap: 2,
      },
    ],
    layout: layout({
      height: 90 + 28 * lines.length,
      xaxis: { side: "top", type: "category", tickangle: scenarios.length > 6 ? -45 : 0 },
      yaxis: { autorange: "reversed", type: "category" },
    }),
  };
}

Object.assign(figures, {
  matrix_of_all() {
    const measure = matrixMeasures.find(({ key }) => key === chosen.measure);
    const list = rows("matrix", { year: chosen.year });
    const scenarios = Object.keys(page.titles);
    const before = new Map(
      list.filter((row) => row.scenario === chosen.picked).map((row) => [row.mineral, row[measure.key]]),
    );
    const value = (row) => {
      if (!isNumber(row[measure.key]) || !measure.isDifference) return row[measure.key];
      return areAlike(row.scenario, chosen.picked) && isNumber(before.get(row.mineral)) ? row[measure.key] - before.get(row.mineral) : null;
    };
    const byMineral = groupBy(list, "mineral");
    const lines = Object.keys(names.minerals)
      .filter((mineral) => byMineral.has(mineral))
      .map((mineral) => ({
        mineral,
        ...Object.fromEntries(byMineral.get(mineral).map((row) => [row.scenario, value(row)])),
      }));
    const every = lines.flatMap((line) => scenarios.map((key) => line[key])).filter(isNumber);
    const most = measure.most ? measure.most() : Math.max(...every.map(Math.abs), 0);
    const describe = measure.isDifference ? signed : formatted;
    const open = (number, key, mineral) => {
      const text = isNumber(number) ? describe(number, measure.unit).replace(" points", " %") : "–";
      const about = `${nameOf("minerals", mineral)} in ${title(key)}: ${text}`;
      return make("a", { href: linkTo("supply", { scenario: key, mineral }), title: about }, text);
    };
    const words = `${measure.name} in ${chosen.year} (${measure.unit}${measure.isDifference ? ` more than in ${short(chosen.picked)}` : ""})`;
    return {
      panels: [],
      controls: measureButtons(),
      picture: lines.length ? matrixPicture(words, lines, scenarios, measure, most || 1) : null,
      rows: lines,
      isChosen: (row) => row.mineral === chosen.mineral,
      columns: [
        { key: "mineral", title: "Mineral", describe: (key) => pick("mineral", key, nameOf("minerals", key), true) },
        ...scenarios.map((key) => ({
          key,
          title: short(key),
          hint: title(key),
          unit: "",
          isMarked: key === chosen.scenario,
          describe: (number, row) => open(number, key, row.mineral),
          paint: (number) => shadeOf(number, most, measure.colour),
        })),
      ],
      words: `${words}. A field opens its mineral and scenario.`,
    };
  },
});
