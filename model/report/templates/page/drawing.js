// Drawing: panels, keys, and what follows the selectors.

const isInKey = (trace) => trace.name && trace.showlegend !== false;

// What the colours and lines mean, as text on the page: it wraps, prints and is read out.
function makeKey(traces) {
  return make(
    "ul",
    { class: "key" },
    ...traces.filter(isInKey).map((trace) => {
      const isLine = trace.type === "scatter" && trace.mode !== "markers";
      const swatch = make("span", { class: isLine ? "stroke" : "swatch" });
      const { color } = trace.line || trace.marker;
      if (!isLine) swatch.style.background = color;
      else
        swatch.style.borderTop = `3px ${{ dash: "dashed", dot: "dotted" }[(trace.line || {}).dash] || "solid"} ${color}`;
      const item = make("li", {}, swatch);
      item.append(unplain(trace.name));
      return item;
    }),
  );
}

// As many years as there is room to write.
function spaceYears(plot, axis) {
  if (!axis || axis.tickformat !== "d") return;
  const span = axis.range ? axis.range[1] - axis.range[0] : page.span;
  axis.dtick = Math.max(1, Math.ceil((span * 44) / Math.max(plot.clientWidth - 60, 120)));
  // Counted back from the last year, so that it has its label.
  axis.tick0 = years[years.length - 1];
}

// Bars along a scale: the scale says its unit, which ends the title; what is far out of the others is cut off with its
// number written at the edge.
function nameScale(each) {
  const { xaxis } = each.layout;
  const bars = each.traces.filter((trace) => trace.orientation === "h" && !trace.base);
  if (!bars.length) return;
  const [, unit] = each.title.match(/\(([^()]*)\)$/) || [];
  if (unit && unit !== "share" && xaxis.title && !xaxis.title.text) xaxis.title.text = unit;
  if (xaxis.range) return;
  const ends = endsOf(bars, each.layout.barmode === "relative").filter(({ x }) => isNumber(x));
  const values = ends.map(({ x }) => x);
  const most = farOut(values);
  if (!most) return;
  xaxis.range = [Math.max(-1.3 * most, Math.min(0, ...values)), Math.min(1.3 * most, Math.max(0, ...values))];
  const edges = ends.filter(({ x }) => Math.abs(x) > most);
  each.layout.annotations = edges.map(({ x, y }) => ({
    x: xaxis.range[x > 0 ? 1 : 0],
    y,
    text: x > 0 ? `${formatted(x, unit)} »` : `« ${formatted(x, unit)}`,
    xanchor: x > 0 ? "right" : "left",
    showarrow: false,
    bgcolor: "rgba(255,255,255,0.85)",
    font: { size: 11 },
  }));
}

// Where bars end: each for itself, or those that are stacked on each side of zero.
function endsOf(bars, isStacked) {
  if (!isStacked) return bars.flatMap((trace) => trace.x.map((x, n) => ({ x, y: trace.y[n] })));
  return bars[0].y.flatMap((y, n) => {
    const parts = bars.map((trace) => trace.x[n] || 0);
    const add = (side) => parts.filter((part) => part * side > 0).reduce((total, part) => total + part, 0);
    return [
      { x: add(1), y },
      { x: add(-1), y },
    ];
  });
}

// The largest amount that is drawn in full, where at most a third of all is more than thrice as large; 0 where all is.
function farOut(values) {
  const sizes = values.map(Math.abs).filter((size) => size > 0).sort((a, b) => b - a);
  for (let n = Math.floor(sizes.length / 3); n > 0; n -= 1) if (sizes[n - 1] > 3 * sizes[n]) return sizes[n];
  return 0;
}

function drawPanels(name, box, found, caption) {
  const kept = new Map([...box.children].map((panel) => [panel.dataset.key, panel]));
  const before = kept.size;
  const order = found.panels.map((each) => {
    let panel = kept.get(each.key);
    if (!panel) {
      panel = make(
        "div",
        { class: each.isWide ? "panel wide" : "panel" },
        make("h4"),
        make("div", { class: "saving" }),
        make("div", { class: "keys" }),
        make("div", { class: "plot", role: "img" }),
      );
      panel.dataset.key = each.key;
    }
    kept.delete(each.key);
    return panel;
  });
  for (const gone of kept.values()) {
    Plotly.purge(gone.lastElementChild);
    gone.remove();
  }
  box.append(...order);
  found.panels.forEach((each, n) => {
    const [heading, saving, keys, plot] = order[n].children;
    each.hasKey = each.layout.showlegend;
    saving.replaceChildren(...pictureButtons(`${name}_${each.key}`, each));
    keys.replaceChildren(...(each.hasKey ? [makeKey(each.traces)] : []));
    each.layout.showlegend = false;
    heading.textContent = each.title;
    plot.setAttribute("aria-label", `${each.title}. ${caption} The table below holds the numbers.`);
    if (each.least) plot.style.minWidth = `${each.least}px`;
    plot.dataset.aspect = each.aspect || "";
    if (each.aspect) each.layout.height = Math.round(each.aspect * plot.clientWidth);
    plot.style.height = `${each.layout.height}px`;
    spaceYears(plot, each.layout.xaxis);
    nameScale(each);
    Plotly.react(plot, each.traces, each.layout, { displayModeBar: false, responsive: true });
  });
  // One panel more or less, and all of them have another width.
  if (before && before !== order.length) order.forEach((panel) => Plotly.Plots.resize(panel.lastElementChild));
}

// What saves the numbers of a figure, and the picture of one that is a table.
function drawTools(name, figure, found) {
  let tools = figure.querySelector(".tools");
  if (!tools) {
    tools = make("p", { class: "tools" });
    figure.querySelector("details").before(tools);
  }
  const about = figure.querySelector("h3").textContent;
  tools.replaceChildren(
    ...(found.rows.length ? [saveButton("CSV", `the numbers of ${about}`, () => saveNumbers(name, found))] : []),
    ...(found.picture ? pictureButtons(name, found.picture) : []),
  );
}

function drawFigure(figure) {
  const name = figure.dataset.figure;
  read = new Set();
  const found = figures[name] ? figures[name]() : plainFigure(page.figures[name]);
  figure.dataset.reads = [...read].sort().join(" ");
  const caption = found.words || "";
  figure.querySelector("figcaption").textContent = caption;
  const box = figure.querySelector(".panels");
  drawPanels(name, box, found, caption);
  figure.querySelector(".measures")?.remove();
  if (found.controls) box.before(found.controls);
  drawTools(name, figure, found);
  figure.querySelector("ol.sentences")?.remove();
  if (found.sentences)
    box.after(make("ol", { class: "sentences" }, ...found.sentences.map((text) => make("li", {}, text))));
  const details = figure.querySelector("details");
  const fill = () => details.querySelector(".scroll").replaceChildren(makeTable(found.columns, found.rows, found));
  details.ontoggle = () => details.open && fill();
  if (details.open) fill();
  else details.querySelector(".scroll").replaceChildren();
}

// Figures still to be drawn, in the order in which they will be.
let undrawn = [];

// What is in view is drawn at once, the rest one by one, so that the page answers at once.
function drawFigures() {
  const isNear = (figure) => {
    const { top, bottom } = figure.getBoundingClientRect();
    return bottom > -window.innerHeight && top < 2 * window.innerHeight;
  };
  const every = [...document.querySelectorAll("[data-figure]")];
  const [near, far] = [every.filter(isNear), every.filter((figure) => !isNear(figure))];
  const isIdle = !undrawn.length;
  undrawn = far;
  delete document.body.dataset.drawn;
  near.forEach(drawFigure);
  if (isIdle) window.setTimeout(drawNext);
}

function drawNext() {
  if (!undrawn.length) {
    finishDrawing();
    return;
  }
  // A figure that fails does not hold back the others.
  window.setTimeout(drawNext);
  drawFigure(undrawn.shift());
}

function finishDrawing() {
  undrawn.splice(0).forEach(drawFigure);
  document.body.dataset.drawn = "yes";
  // What was drawn above has moved the section the address names.
  if (arriving) document.getElementById(arriving).scrollIntoView();
  arriving = "";
}

// In a heading there is room for short titles only.
const headings = {
  scenario: () => short(chosen.scenario),
  base: () => (words.base() ? `${chosen.base === chosen.picked ? "against" : "not comparable with"} ${short(chosen.picked)}` : ""),
  mineral: () => words.mineral(),
  year: () => words.year(),
};

const words = {
  scenario: () => title(chosen.scenario),
  base: () => {
    if (chosen.picked === chosen.scenario) return "";
    return chosen.base === chosen.picked ? `against ${title(chosen.base)}` : `not comparable with ${title(chosen.picked)}`;
  },
  mineral: () => nameOf("minerals", chosen.mineral),
  year: () => String(chosen.year),
};

function follow() {
  for (const what of ["scenario", "mineral"]) chosen[what] = document.getElementById(what).value;
  chosen.picked = document.getElementById("base").value;
  chosen.base = areAlike(chosen.scenario, chosen.picked) ? chosen.picked : chosen.scenario;
  chosen.year = Number(document.getElementById("year").value);
  for (const verdict of document.querySelectorAll(".verdict")) {
    verdict.hidden = verdict.dataset.scenario !== chosen.scenario;
    const versus = verdict.querySelector(".versus");
    const row = rows("versus", { scenario: verdict.dataset.scenario, base: chosen.picked })[0];
    if (versus && row) versus.textContent = row.text;
  }
  for (const brief of document.querySelectorAll(".brief")) brief.hidden = brief.dataset.scenario !== chosen.scenario;
  for (const place of document.querySelectorAll("[data-chosen]")) {
    place.textContent = place.dataset.chosen
      .split(" ")
      .filter(Boolean)
      .map((what) => headings[what]())
      .filter(Boolean)
      .join(", ");
  }
  drawFigures();
  document.getElementById("status").textContent =
    `Showing ${words.scenario()} ${words.base()}, ${words.mineral()}, ${words.year()}.`;
  document.body.dataset.shown = JSON.stringify(chosen);
  if (section) writeAddress();
}

// What the reader picks goes into the address, at the section where they are.
function choose() {
  section = section || "brief";
  follow();
}

// A sheet of paper is as wide as two figures, or one wide one, whatever the window is (pixels at 96 to the inch on A4).
window.addEventListener("beforeprint", () => {
  finishDrawing();
  for (const plot of document.querySelectorAll(".js-plotly-plot")) {
    const width = plot.parentElement.classList.contains("wide") ? 690 : 340;
    if (plot.dataset.aspect) plot.style.height = `${Math.round(plot.dataset.aspect * width)}px`;
    // A material flow draws its links little by little, and paper does not wait: it is made smaller as it stands.
    if (plot.data[0].type === "sankey") plot.style.zoom = width / plot.clientWidth;
    else
      Plotly.relayout(plot, {
        width,
        ...(plot.dataset.aspect ? { height: Math.round(plot.dataset.aspect * width) } : {}),
        ...(plot.layout.xaxis.tickformat === "d" ? { "xaxis.dtick": years.length > 6 ? 2 : 1 } : {}),
      });
  }
});
window.addEventListener("afterprint", () => {
  document.querySelectorAll(".js-plotly-plot").forEach((plot) => plot.style.removeProperty("zoom"));
  follow();
});
for (const what of selectors) document.getElementById(what).addEventListener("change", choose);
if (Object.keys(page.titles).length) {
  openAddress();
  window.addEventListener("hashchange", openAddress);
  window.addEventListener("scroll", noteSection, { passive: true });
}
