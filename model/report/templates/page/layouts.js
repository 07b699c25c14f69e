// Layouts and traces that several figures share.

const font = {
  family: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif",
  size: 12,
  color: palette.ink,
};

function layout(more = {}) {
  const { xaxis, yaxis, ...rest } = more;
  return {
    font,
    height: 300,
    margin: { l: 8, r: 8, t: 8, b: 8 },
    barmode: "stack",
    bargap: 0.25,
    showlegend: false,
    paper_bgcolor: "#fff",
    plot_bgcolor: "#fff",
    hoverlabel: { align: "left", namelength: -1 },
    xaxis: { automargin: true, fixedrange: true, gridcolor: "#e3e7eb", zerolinecolor: "#8c959f", ...xaxis },
    yaxis: { automargin: true, fixedrange: true, gridcolor: "#e3e7eb", zerolinecolor: "#8c959f", ...yaxis },
    ...rest,
  };
}

// The year the reader picked is shaded in every figure over years.
const shade = () => ({
  type: "rect",
  xref: "x",
  yref: "paper",
  x0: chosen.year - 0.5,
  x1: chosen.year + 0.5,
  y0: 0,
  y1: 1,
  layer: "below",
  line: { width: 0 },
  fillcolor: "#fff1cc",
});
const yearLayout = (unit, more = {}) =>
  layout({
    hovermode: "x unified",
    shapes: [shade()],
    ...more,
    xaxis: { tickformat: "d", ...more.xaxis },
    yaxis: { title: { text: unit, standoff: 4, font: { size: 11 } }, rangemode: "tozero", ...more.yaxis },
  });
const barLayout = (list, unit, more = {}) =>
  layout({
    height: 70 + 26 * list,
    ...more,
    xaxis: { title: { text: unit, font: { size: 11 } }, nticks: 5, tickangle: 0, ...more.xaxis },
    yaxis: { autorange: "reversed", ...more.yaxis },
  });
const texts = (values, unit, describe = formatted) => values.map((value) => (isNumber(value) ? describe(value, unit) : ""));
const bar = (name, span, values, colour, unit, more = {}) => ({
  type: "bar",
  name: plain(name),
  x: span,
  y: values,
  customdata: texts(values, unit),
  hovertemplate: "%{customdata}",
  marker: { color: colour, line: { color: "#fff", width: 0.5 }, ...more.marker },
  ...more.trace,
});
// A pattern beside the colour, for those who print in black and white.
const pattern = (key) =>
  key === "china" || key === "exposed"
    ? { pattern: { shape: "/", fillmode: "overlay", fgcolor: "#fff", fgopacity: 0.6, size: 7, solidity: 0.15 } }
    : {};
