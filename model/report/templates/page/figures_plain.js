// Figures without a function of their own: the first of their tables, and a picture of it where their entry asks for one.

function plainFigure({ tables: [name], picture }) {
  if (!picture) return asWritten(name);
  const columns = declared(name);
  const isOf = (key) => columns.some((column) => column.key === key);
  const list = here(name, isOf("mineral") ? { mineral: chosen.mineral } : {});
  const { title: words, unit = "" } = columns.find((column) => column.key === picture.value) || { title: picture.value };
  const shown = picture.kind === "bars" && isOf("year") ? list.filter((row) => row.year === chosen.year) : list;
  const draw = picture.kind === "bars" ? plainBars : plainLines;
  return {
    panels: shown.length ? [{ key: picture.value, title: words, ...draw(shown, picture, unit) }] : [],
    rows: list,
    words: shown.length ? "" : "Nothing.",
    columns,
  };
}

function plainLines(list, { value, by }, unit) {
  const traces = [...groupBy(list, by)].map(([key, part], n) => {
    const values = over(part, value, years);
    return {
      type: "scatter",
      mode: "lines",
      name: plain(wordOf(by, key)),
      x: years,
      y: values,
      customdata: texts(values, unit),
      hovertemplate: "%{customdata}",
      line: { color: palette.series[n % 8], width: 2, dash: ["solid", "dash", "dot"][Math.floor(n / 8) % 3] },
    };
  });
  const yaxis = unit.startsWith("share") ? { tickformat: ".0%" } : {};
  return { traces, layout: yearLayout(unit, { showlegend: true, yaxis }) };
}

function plainBars(list, { value, by }, unit) {
  const values = list.map((row) => row[value]);
  const trace = {
    type: "bar",
    orientation: "h",
    x: values,
    y: apart(list.map((row) => plain(cutLabel(wordOf(by, row[by]), 44)))),
    customdata: texts(values, unit),
    hovertemplate: "%{customdata}",
    marker: { color: palette.series[0] },
  };
  const xaxis = unit.startsWith("share") ? { tickformat: ".0%" } : {};
  return { isWide: true, traces: [trace], layout: barLayout(list.length, unit, { xaxis }) };
}
