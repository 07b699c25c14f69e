// Drawing: panels, keys, and what follows the selectors.

// What the colours and lines mean, as text on the page: it wraps, prints and is read out.
function makeKey(traces) {
  return make(
    "ul",
    { class: "key" },
    ...traces.map((trace) => {
      const swatch = make("span", { class: trace.type === "scatter" ? "stroke" : "swatch" });
      const { color } = trace.line || trace.marker;
      if (trace.type !== "scatter") swatch.style.background = color;
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
}

function drawPanels(box, found, caption) {
  const kept = new Map([...box.children].map((panel) => [panel.dataset.key, panel]));
  const before = kept.size;
  const order = found.panels.map((each) => {
    let panel = kept.get(each.key);
    if (!panel) {
      panel = make(
        "div",
        { class: each.isWide ? "panel wide" : "panel" },
        make("h4"),
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
    const [heading, keys, plot] = order[n].children;
    keys.replaceChildren(...(each.layout.showlegend ? [makeKey(each.traces)] : []));
    each.layout.showlegend = false;
    heading.textContent = each.title;
    plot.setAttribute("aria-label", `${each.title}. ${caption} The table below holds the numbers.`);
    if (each.least) plot.style.minWidth = `${each.least}px`;
    plot.style.height = `${each.layout.height}px`;
    spaceYears(plot, each.layout.xaxis);
    Plotly.react(plot, each.traces, each.layout, { displayModeBar: false, responsive: true });
  });
  // One panel more or less, and all of them have another width.
  if (before && before !== order.length) order.forEach((panel) => Plotly.Plots.resize(panel.lastElementChild));
}

function drawFigure(figure) {
  const found = figures[figure.dataset.figure]();
  const caption = found.words || "";
  figure.querySelector("figcaption").textContent = caption;
  const box = figure.querySelector(".panels");
  drawPanels(box, found, caption);
  figure.querySelector("ol.sentences")?.remove();
  if (found.sentences)
    box.after(make("ol", { class: "sentences" }, ...found.sentences.map((text) => make("li", {}, text))));
  const details = figure.querySelector("details");
  const fill = () => details.querySelector(".scroll").replaceChildren(makeTable(found.columns, found.rows, found));
  details.ontoggle = () => details.open && fill();
  if (details.open) fill();
  else details.querySelector(".scroll").replaceChildren();
}

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
      .map((what) => words[what]())
      .filter(Boolean)
      .join(", ");
  }
  for (const figure of document.querySelectorAll("[data-figure]")) drawFigure(figure);
  document.getElementById("status").textContent =
    `Showing ${words.scenario()} ${words.base()}, ${words.mineral()}, ${words.year()}.`;
  document.body.dataset.shown = JSON.stringify(chosen);
}

// A sheet of paper is as wide as two figures, or one wide one, whatever the window is (pixels at 96 to the inch on A4).
window.addEventListener("beforeprint", () => {
  for (const plot of document.querySelectorAll(".js-plotly-plot")) {
    const width = plot.parentElement.classList.contains("wide") ? 690 : 340;
    // A material flow draws its links little by little, and paper does not wait: it is made smaller as it stands.
    if (plot.data[0].type === "sankey") plot.style.zoom = width / plot.clientWidth;
    else
      Plotly.relayout(plot, {
        width,
        ...(plot.layout.xaxis.tickformat === "d" ? { "xaxis.dtick": years.length > 6 ? 2 : 1 } : {}),
      });
  }
});
window.addEventListener("afterprint", () => {
  document.querySelectorAll(".js-plotly-plot").forEach((plot) => plot.style.removeProperty("zoom"));
  follow();
});
for (const what of ["scenario", "base", "mineral", "year"])
  document.getElementById(what).addEventListener("change", follow);
if (Object.keys(page.titles).length) follow();
