"use strict";
// Draws the figures of the page with Plotly and the tables behind them, for the scenario, the scenario it is compared
// with, the mineral and the year the reader picks. All numbers come from the tables in the element #data.
(() => {
  const page = JSON.parse(document.getElementById("data").textContent);
  const { palette, names, labels, years, cost_terms: costTerms } = page;
  const chosen = { scenario: "", base: "", mineral: "", year: 0 };
  const pathways = Object.keys(palette.pathway);
  const met = Object.keys(palette.met);
  const all = "*";

  // ---- tables: columns of numbers, or of codes into a list of words -------------------------------------------------

  class Table {
    constructor(raw) {
      this.columns = raw.columns;
      this.length = raw.length;
      this.groups = new Map();
      if (this.columns.scenario) {
        for (let i = 0; i < this.length; i += 1) {
          const key = this.at("scenario", i);
          if (!this.groups.has(key)) this.groups.set(key, []);
          this.groups.get(key).push(i);
        }
      }
    }

    at(name, i) {
      const column = this.columns[name];
      return column.words ? column.words[column.codes[i]] : column[i];
    }

    row(i) {
      return Object.fromEntries(Object.keys(this.columns).map((name) => [name, this.at(name, i)]));
    }

    where(wanted) {
      const { scenario, ...rest } = wanted;
      const tests = Object.entries(rest);
      const rows = scenario === undefined ? [...Array(this.length).keys()] : this.groups.get(scenario) || [];
      return rows.filter((i) => tests.every(([name, value]) => this.at(name, i) === value)).map((i) => this.row(i));
    }
  }

  const tables = Object.fromEntries(Object.entries(page.tables).map(([name, raw]) => [name, new Table(raw)]));
  const rows = (name, wanted) => (tables[name] ? tables[name].where(wanted) : []);
  const here = (name, more = {}) => rows(name, { scenario: chosen.scenario, ...more });

  // ---- words and numbers --------------------------------------------------------------------------------------------

  const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

  function told(value, unit = "") {
    if (!isNumber(value)) return value === null || value === undefined ? "" : String(value);
    if (unit.startsWith("share")) {
      const points = 100 * value;
      const digits = points !== 0 && Math.abs(points) < 10 ? 1 : 0;
      return `${points.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })} %`;
    }
    if (unit === "year") return String(value);
    const size = Math.abs(value);
    const digits = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return value.toLocaleString("en-US", { maximumFractionDigits: digits });
  }

  function signed(value, unit) {
    if (!isNumber(value)) return "";
    const text = told(value, unit).replace(" %", " points");
    // What is less than half of the last digit told is no change, of either sign.
    if (!/[1-9]/.test(text)) return text.replace("-", "");
    return value > 0 ? `+${text}` : text;
  }

  const nameOf = (sheet, key) => (names[sheet] && names[sheet][key]) || key;
  const label = (key) => labels[key] || key;
  const title = (scenario) => page.titles[scenario] || scenario;
  // Plotly reads a few tags in its texts: what comes from the workbook stays text.
  const plain = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const unplain = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
  const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

  // Names that have become the same by being cut are still different bars: hair spaces tell them apart.
  function apart(labels) {
    const seen = new Map();
    return labels.map((label) => {
      seen.set(label, (seen.get(label) || 0) + 1);
      return label + "\u200a".repeat(seen.get(label) - 1);
    });
  }
  const sum = (list, key) => list.reduce((total, row) => total + (row[key] || 0), 0);
  const groupBy = (list, key) => {
    const found = new Map();
    for (const row of list) {
      if (!found.has(row[key])) found.set(row[key], []);
      found.get(row[key]).push(row);
    }
    return found;
  };
  const over = (list, key, span) => {
    const found = new Map(list.map((row) => [row.year, row[key]]));
    return span.map((year) => (found.has(year) ? found.get(year) : null));
  };

  // ---- elements -----------------------------------------------------------------------------------------------------

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function makeTable(columns, list, options = {}) {
    const table = make("table");
    const head = make("tr");
    for (const column of columns) {
      const cell = make("th", { scope: "col", class: column.unit === undefined ? "" : "number" }, column.title);
      if (column.unit && column.unit !== "year") cell.append(make("span", { class: "unit" }, column.unit));
      head.append(cell);
    }
    const body = make("tbody");
    for (const row of list) {
      const line = make("tr", options.isChosen && options.isChosen(row) ? { class: "chosen-row" } : {});
      columns.forEach((column, n) => {
        const value = row[column.key];
        const text = column.tell ? column.tell(value, row) : told(value, column.unit || "");
        const cell = make(n ? "td" : "th", n ? { class: column.unit === undefined ? "" : "number" } : { scope: "row" });
        cell.append(text);
        if (isNumber(value)) cell.dataset.value = value;
        if (column.isBad && column.isBad(row)) cell.classList.add("bad");
        line.append(cell);
      });
      body.append(line);
    }
    if (!list.length) body.append(make("tr", {}, make("td", { colspan: columns.length }, "nothing")));
    table.append(make("thead", {}, head), body);
    return table;
  }

  // ---- layouts ------------------------------------------------------------------------------------------------------

  const font = { family: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif", size: 12, color: palette.ink };

  function layout(more = {}) {
    const { xaxis, yaxis, ...rest } = more;
    return {
      font, height: 300, margin: { l: 8, r: 8, t: 8, b: 8 }, barmode: "stack", bargap: 0.25, showlegend: false,
      paper_bgcolor: "#fff", plot_bgcolor: "#fff", hoverlabel: { align: "left", namelength: -1 },
      xaxis: { automargin: true, fixedrange: true, gridcolor: "#e3e7eb", zerolinecolor: "#8c959f", ...xaxis },
      yaxis: { automargin: true, fixedrange: true, gridcolor: "#e3e7eb", zerolinecolor: "#8c959f", ...yaxis }, ...rest,
    };
  }

  // The year the reader picked is shaded in every figure over years.
  const shade = () => ({
    type: "rect", xref: "x", yref: "paper", x0: chosen.year - 0.5, x1: chosen.year + 0.5, y0: 0, y1: 1, layer: "below", line: { width: 0 },
    fillcolor: "#fff1cc",
  });
  const yearLayout = (unit, more = {}) => layout({
    hovermode: "x unified", shapes: [shade()], ...more, xaxis: { tickformat: "d", ...more.xaxis },
    yaxis: { title: { text: unit, standoff: 4, font: { size: 11 } }, rangemode: "tozero", ...more.yaxis },
  });
  const barLayout = (list, unit, more = {}) => layout({
    height: 70 + 26 * list, ...more, xaxis: { title: { text: unit, font: { size: 11 } }, nticks: 5, tickangle: 0, ...more.xaxis }, yaxis: { autorange: "reversed", ...more.yaxis },
  });
  const texts = (values, unit, tell = told) => values.map((value) => (isNumber(value) ? tell(value, unit) : ""));
  const bar = (name, span, values, colour, unit, more = {}) => ({
    type: "bar", name: plain(name), x: span, y: values, customdata: texts(values, unit), hovertemplate: "%{customdata}",
    marker: { color: colour, line: { color: "#fff", width: 0.5 }, ...more.marker }, ...more.trace,
  });
  // A pattern beside the colour, for those who print in black and white.
  const pattern = (key) => (key === "china" || key === "exposed" ? { pattern: { shape: "/", fillmode: "overlay", fgcolor: "#fff", fgopacity: 0.6, size: 7, solidity: 0.15 } } : {});

  // ---- the figures: each returns panels to draw, a table, and what it says in words ------------------------------------

  const figures = {
    compared() {
      const list = tables.comparison.where({});
      const base = list.find((row) => row.scenario === chosen.base) || {};
      const at = [
        ["most_exposed_share", "Its exposed share", "share"], ["exposure_index", "Exposure index", "share"], ["most_short_share", "Its share not met", "share"],
        ["supply_cost_usd_million", "Supply cost", "USD million"], ["penalty_cost_usd_million", "Penalties", "USD million"], ["cost_usd_million", "Supply, penalties and burden", "USD million"],
        ["cfd_pays_usd_million", "CfD payments", "USD million"],
        ["cfd_clawback_usd_million", "CfD paid back", "USD million"], ["cfd_tail_usd_million", "CfD after the plan", "USD million"],
        ["capex_usd_million", "Investment", "USD million"], ["projects", "Projects", ""], ["contracts", "Contracts", ""],
      ];
      const columns = [{ key: "scenario", title: "Scenario", tell: (key, row) => pick("scenario", key, row.title, row.status === "optimal") }];
      const mineral = { most_exposed_share: ["most_exposed", "Most exposed mineral"], most_short_share: ["most_short", "Mineral most short"] };
      for (const [key, words, unit] of at) {
        if (mineral[key]) columns.push({ key: mineral[key][0], title: mineral[key][1] });
        columns.push({ key, title: words, unit, isBad: (row) => key === "most_short_share" && row[key] > 0 });
        columns.push({ key: `${key}_more`, title: "change", unit, tell: (value) => signed(value, unit) });
      }
      for (const row of list) for (const [key] of at) row[`${key}_more`] = isNumber(row[key]) && isNumber(base[key]) ? row[key] - base[key] : null;
      const shown = [["supply_cost_usd_million_more", "Supply cost above the base", "USD million"], ["penalty_cost_usd_million", "Penalties for what is missed", "USD million"],
        ["most_exposed_share", "Exposed share of the most exposed mineral", "share"], ["most_short_share", "Share not met of the mineral most short", "share"], ["cfd_pays_usd_million", "CfD payments", "USD million"]];
      const solved = list.filter((row) => row.status === "optimal");
      return {
        panels: (solved.length > 1 ? shown : shown.slice(1)).map(([key, words, unit]) => ({
          key, title: `${words} (${unit})`,
          traces: [{
            type: "bar", orientation: "h", y: apart(solved.map((row) => plain(cut(row.title, 28)))), x: solved.map((row) => row[key]),
            customdata: texts(solved.map((row) => row[key]), unit), hovertemplate: "%{y}: %{customdata}<extra></extra>",
            marker: { color: solved.map((row) => (row.scenario === chosen.scenario ? palette.series[1] : palette.series[0])) },
          }],
          layout: barLayout(solved.length, "", { xaxis: unit === "share" ? { tickformat: ".0%" } : {} }),
        })),
        columns, rows: list, isChosen: (row) => row.scenario === chosen.scenario,
        words: document.querySelector(`.verdict[data-scenario="${CSS.escape(chosen.scenario)}"] .versus`)?.textContent || "",
      };
    },

    demand() {
      const list = here("needs", { mineral: chosen.mineral });
      const keys = met.map((key) => `${key}_t`);
      const panels = [...groupBy(list, "stage")].map(([stage, part]) => {
        const byYear = groupBy(part, "year");
        return {
          key: stage, title: nameOf("stages", stage), layout: yearLayout(`t/yr of ${plain(nameOf("minerals", chosen.mineral))}`),
          traces: met.map((key) => bar(label(key), years, years.map((year) => (byYear.has(year) ? sum(byYear.get(year), `${key}_t`) : null)),
            palette.met[key], "t/yr", { marker: pattern(key) })),
        };
      });
      const now = list.filter((row) => row.year === chosen.year);
      const whole = keys.reduce((total, key) => total + sum(now, key), 0);
      return {
        panels,
        columns: [{ key: "year", title: "Year", unit: "year" }, { key: "stage", title: "Stage" }, { key: "segment", title: "Segment" },
          ...met.map((key) => ({ key: `${key}_t`, title: label(key), unit: "t/yr", isBad: (row) => key === "unmet" && row.unmet_t > 0 }))],
        rows: list, isChosen: (row) => row.year === chosen.year,
        words: whole ? `In ${chosen.year}, of ${told(whole)} t demanded: ${met.map((key) => `${label(key)} ${told(sum(now, `${key}_t`) / whole, "share")}`).join(", ")}.` : "No demand.",
      };
    },

    mix() {
      const list = here("mix", { mineral: chosen.mineral });
      const stages = groupBy(list, "stage");
      const panels = Object.keys(names.stages).filter((stage) => stages.has(stage)).map((stage) => {
        const byPathway = groupBy(stages.get(stage), "pathway");
        return {
          key: stage, title: nameOf("stages", stage), layout: yearLayout(`t/yr of ${plain(nameOf("minerals", chosen.mineral))}`),
          traces: pathways.filter((pathway) => byPathway.has(pathway)).map((pathway) => bar(label(pathway), years,
            over(byPathway.get(pathway), "t", years), palette.pathway[pathway], "t/yr", { marker: pattern(pathway) })),
        };
      });
      const now = list.filter((row) => row.year === chosen.year);
      const byStage = groupBy(now, "stage");
      const words = Object.keys(names.stages).filter((stage) => byStage.has(stage)).map((stage) => {
        const part = byStage.get(stage);
        const first = [...part].sort((a, b) => b.share - a.share)[0];
        return `${nameOf("stages", stage)} ${label(first.pathway)} ${told(first.share, "share")}`;
      });
      return {
        panels, rows: list, isChosen: (row) => row.year === chosen.year,
        columns: [{ key: "year", title: "Year", unit: "year" }, { key: "stage", title: "Stage", tell: (key) => nameOf("stages", key) },
          { key: "pathway", title: "Pathway", tell: label }, { key: "t", title: "Output", unit: "t/yr" }, { key: "share", title: "Share", unit: "share" }],
        words: words.length ? `Largest share in ${chosen.year}: ${words.join(", ")}.` : "Nothing is made.",
      };
    },

    exposure() {
      const list = here("exposure", { mineral: chosen.mineral });
      const scopes = ["chain", ...Object.keys(names.stages)];
      const scopeName = (scope) => (scope === "chain" ? "End to end" : nameOf("stages", scope));
      const panels = [];
      for (const scope of scopes) {
        for (const [segment, part] of groupBy(list.filter((row) => row.stage === scope), "segment")) {
          // A segment of its own is drawn where it has a cap of its own.
          if (segment === all || part.some((row) => isNumber(row.cap))) panels.push(exposurePanel(scopeName(scope), scope, segment, part));
        }
      }
      const now = list.filter((row) => row.year === chosen.year && row.segment === all)
        .sort((a, b) => scopes.indexOf(a.stage) - scopes.indexOf(b.stage));
      return {
        panels, rows: list, isChosen: (row) => row.year === chosen.year,
        columns: [{ key: "year", title: "Year", unit: "year" }, { key: "stage", title: "Scope", tell: scopeName },
          { key: "segment", title: "Segment", tell: (key) => (key === all ? "all" : key) },
          { key: "controlled_share", title: "With ownership and technology", unit: "share", isBad: (row) => isNumber(row.cap) && row.controlled_share > row.cap + 1e-6 },
          { key: "located_share", title: "By location", unit: "share" }, { key: "cap", title: "Cap", unit: "share" }],
        words: now.length ? `In ${chosen.year}: ${now.map((row) => `${scopeName(row.stage)} ${told(row.controlled_share, "share")}`).join(", ")}.` : "",
      };
    },

    exposure_map() {
      const list = here("exposure", { year: chosen.year, segment: all });
      const scopes = ["chain", ...Object.keys(names.stages)].filter((scope) => list.some((row) => row.stage === scope));
      const byMineral = groupBy(list, "mineral");
      const lines = Object.keys(names.minerals).filter((mineral) => byMineral.has(mineral)).map((mineral) => {
        const line = { mineral };
        for (const row of byMineral.get(mineral)) {
          line[row.stage] = row.controlled_share;
          line[`${row.stage} cap`] = row.cap;
        }
        return line;
      });
      return {
        panels: [], rows: lines, isChosen: (row) => row.mineral === chosen.mineral,
        columns: [{ key: "mineral", title: "Mineral", tell: (key) => pick("mineral", key, nameOf("minerals", key), true) },
          ...scopes.map((scope) => ({
            key: scope, title: scope === "chain" ? "End to end" : nameOf("stages", scope), unit: "share",
            isBad: (row) => isNumber(row[`${scope} cap`]) && row[scope] > row[`${scope} cap`] + 1e-6,
            tell: (value, row) => (isNumber(row[`${scope} cap`]) ? `${told(value, "share")} (cap ${told(row[`${scope} cap`], "share")})` : told(value, "share")),
          }))],
        words: "",
      };
    },

    cost() {
      const mine = new Map(here("cost_terms").map((row) => [row.term, row.usd_million]));
      const other = new Map(rows("cost_terms", { scenario: chosen.base }).map((row) => [row.term, row.usd_million]));
      const list = Object.keys(costTerms).filter((term) => mine.has(term) || other.has(term)).map((term) => ({
        term, mine: mine.get(term) || 0, other: other.get(term) || 0, more: (mine.get(term) || 0) - (other.get(term) || 0),
      }));
      const add = (term, part) => ({ term, mine: sum(part, "mine"), other: sum(part, "other"), more: sum(part, "more") });
      const isPenalty = (row) => page.penalties.includes(row.term);
      const supply = add("supply and burden", list.filter((row) => !isPenalty(row)));
      const penalties = add("penalties", list.filter(isPenalty));
      const total = add("total", list);
      const y = list.map((row) => costTerms[row.term]);
      const trace = (name, key, colour) => ({
        type: "bar", orientation: "h", name: plain(name), y, x: list.map((row) => row[key]), marker: { color: colour },
        customdata: texts(list.map((row) => row[key]), "", key === "more" ? signed : told), hovertemplate: "%{customdata} USD million",
      });
      const panels = [{
        key: "terms", title: "Discounted cost by term (USD million)",
        traces: [trace(title(chosen.scenario), "mine", palette.series[0]), ...(chosen.base === chosen.scenario ? [] : [trace(title(chosen.base), "other", palette.series[7])])],
        layout: barLayout(list.length, "", { barmode: "group", showlegend: true, height: 70 + 26 * list.length, hovermode: "y unified" }),
      }];
      if (chosen.base !== chosen.scenario) {
        panels.push({
          key: "more", title: `More (+) or less (-) than ${title(chosen.base)} (USD million)`,
          traces: [{ ...trace("change", "more"), marker: { color: list.map((row) => (row.more > 0 ? palette.series[5] : palette.series[2])) } }],
          layout: barLayout(list.length, "", { hovermode: "y unified", height: 70 + 26 * list.length }),
        });
      }
      return {
        panels, rows: [...list, supply, penalties, total], isChosen: (row) => row === supply || row === penalties || row === total,
        columns: [{ key: "term", title: "Term", tell: (key) => costTerms[key] || key }, { key: "mine", title: title(chosen.scenario), unit: "USD million" },
          { key: "other", title: title(chosen.base), unit: "USD million" }, { key: "more", title: "Change", unit: "USD million", tell: (value) => signed(value, "") }],
        words: `Supply and burden ${told(supply.mine)} USD million${against(signed(supply.more, ""))}; penalties for what is missed ${told(penalties.mine)} USD million${against(signed(penalties.more, ""))}.`,
      };
    },

    costs_all() {
      const most = palette.series.length - 1;
      const list = [];
      const base = new Map(rows("cost_terms", { scenario: chosen.base }).map((row) => [row.term, row.usd_million]));
      const scenarios = Object.keys(page.titles).filter((scenario) => scenario !== chosen.base);
      for (const scenario of scenarios) {
        const mine = new Map(rows("cost_terms", { scenario }).map((row) => [row.term, row.usd_million]));
        for (const term of Object.keys(costTerms)) {
          const more = (mine.get(term) || 0) - (base.get(term) || 0);
          if (Math.abs(more) > 1e-9) list.push({ scenario, term, more });
        }
      }
      const size = new Map([...groupBy(list, "term")].map(([term, part]) => [term, part.reduce((total, row) => total + Math.abs(row.more), 0)]));
      const order = [...size.keys()].sort((a, b) => size.get(b) - size.get(a));
      const y = apart(scenarios.map((key) => plain(cut(title(key), 28))));
      const stack = (name, terms, colour) => {
        const x = scenarios.map((key) => sum(list.filter((row) => row.scenario === key && terms.includes(row.term)), "more"));
        return {
          type: "bar", orientation: "h", name, y, x, customdata: texts(x, "", signed), marker: { color: colour },
          hovertemplate: "%{fullData.name}: %{customdata} USD million<extra>%{y}</extra>",
        };
      };
      const traces = order.slice(0, most).map((term, n) => stack(costTerms[term], [term], palette.series[n]));
      if (order.length > most) traces.push(stack("all other terms", order.slice(most), palette.series[most]));
      return {
        panels: scenarios.length ? [{
          key: "all", isWide: true, title: `Cost above ${title(chosen.base)} by term (USD million)`, traces,
          layout: barLayout(scenarios.length, "", { barmode: "relative", showlegend: true, height: 70 + 26 * scenarios.length }),
        }] : [],
        rows: list, isChosen: (row) => row.scenario === chosen.scenario,
        columns: [{ key: "scenario", title: "Scenario", tell: title }, { key: "term", title: "Term", tell: (key) => costTerms[key] || key },
          { key: "more", title: `Against ${title(chosen.base)}`, unit: "USD million", tell: (value) => signed(value, "") }],
        words: scenarios.length ? "" : "There is no other plan.",
      };
    },

    payments() {
      const list = here("payments");
      const span = [...new Set([...years, ...list.map((row) => row.year)])].sort((a, b) => a - b);
      const totals = [...groupBy(list, "facility")].map(([facility, part]) => ({ facility, pays: sum(part, "pays_usd_million") })).sort((a, b) => b.pays - a.pays);
      const most = palette.series.length - 1;
      const top = totals.slice(0, most).filter((row) => row.pays > 0).map((row) => row.facility);
      const byFacility = groupBy(list, "facility");
      const traces = top.map((facility, n) => bar(nameOf("facilities", facility), span, over(byFacility.get(facility), "pays_usd_million", span), palette.series[n], "USD million"));
      const rest = list.filter((row) => !top.includes(row.facility));
      const perYear = (part, key) => span.map((year) => sum(part.filter((row) => row.year === year), key));
      if (rest.some((row) => row.pays_usd_million > 0)) traces.push(bar("all others", span, perYear(rest, "pays_usd_million"), palette.series[most], "USD million"));
      const back = perYear(list, "clawback_usd_million").map((value) => -value);
      if (back.some((value) => value < 0)) traces.push(bar("paid back", span, back, "#fff", "USD million", { marker: { line: { color: palette.ink, width: 1 } } }));
      const line = (name, values, dash, colour) => ({
        type: "scatter", mode: "lines", name: plain(name), x: span, y: values, line: { dash, color: colour, width: 2 }, customdata: texts(values, ""), hovertemplate: "%{customdata}",
      });
      traces.push(line("outlay in the stress view", perYear(list, "stress_usd_million"), "solid", palette.bad));
      [...groupBy(here("budgets"), "pot")].forEach(([pot, part], n) => {
        for (const [view, each] of groupBy(part, "view")) {
          traces.push(line(`budget ${pot}, ${view}`, over(each, "budget_usd_million", span), view === "stress" ? "dot" : "dash", [palette.ink, ...palette.series][n % 9]));
        }
      });
      const now = list.filter((row) => row.year === chosen.year);
      return {
        panels: list.length ? [{
          key: "payments", isWide: true, title: "Payments by project and year (USD million)", traces,
          layout: yearLayout("USD million", { barmode: "relative", height: 380, showlegend: true }),
        }] : [],
        rows: list, isChosen: (row) => row.year === chosen.year,
        columns: [{ key: "facility", title: "Project", tell: (key) => nameOf("facilities", key) }, { key: "year", title: "Year", unit: "year" },
          { key: "pays_usd_million", title: "Pays", unit: "USD million" }, { key: "clawback_usd_million", title: "Paid back", unit: "USD million" },
          { key: "stress_usd_million", title: "Pays in the stress view", unit: "USD million" }],
        words: list.length ? `In ${chosen.year} the treasury pays ${told(sum(now, "pays_usd_million"))} USD million, ${told(sum(now, "stress_usd_million"))} in the stress view.` : "No contract is signed.",
      };
    },

    budgets() {
      return {
        panels: [], rows: here("budgets"), isChosen: (row) => row.year === chosen.year, words: "",
        columns: [{ key: "pot", title: "Pot" }, { key: "view", title: "View" }, { key: "year", title: "Year", unit: "year" },
          { key: "outlay_usd_million", title: "Outlay", unit: "USD million" }, { key: "budget_usd_million", title: "Budget", unit: "USD million" }],
      };
    },

    contracts() {
      return {
        panels: [], rows: here("contracts"), words: "",
        columns: [{ key: "facility", title: "Project", tell: (key) => nameOf("facilities", key) }, { key: "offer", title: "Offer" },
          { key: "award_year", title: "Award", unit: "year" }, { key: "first_year", title: "First year", unit: "year" }, { key: "last_year", title: "Last year", unit: "year" },
          { key: "t_per_year", title: "Capacity", unit: "t/yr" }, { key: "strike_usd_per_t", title: "Strike", unit: "USD/t" },
          { key: "pays_usd_million", title: "Pays", unit: "USD million" }, { key: "clawback_usd_million", title: "Paid back", unit: "USD million" },
          { key: "tail_usd_million", title: "After the plan", unit: "USD million" }, { key: "applies_to", title: "For capacity" }],
      };
    },

    timeline() {
      const list = here("projects").filter((row) => (page.contents[row.material] || []).includes(chosen.mineral))
        .sort((a, b) => a.decision_year - b.decision_year || a.online_year - b.online_year);
      const y = apart(list.map((row) => plain(cut(`${nameOf("facilities", row.facility)}, ${told(row.t_per_year)} t/yr`, 46))));
      const end = years[years.length - 1] + 1;
      const part = (name, base, length, marker, said) => ({
        type: "bar", orientation: "h", name, y, base, x: length, marker, text: said, textposition: "none", hovertemplate: "%{text}<extra>%{fullData.name}</extra>",
      });
      return {
        panels: list.length ? [{
          key: "timeline", isWide: true, least: 620, title: "From decision to the end of the plan",
          traces: [
            part("construction", list.map((row) => row.decision_year), list.map((row) => row.online_year - row.decision_year),
              { color: "#fff", line: { color: palette.ink, width: 1 }, pattern: { shape: "/", fgcolor: palette.ink, size: 6, solidity: 0.15 } },
              list.map((row) => `decided in ${row.decision_year}, online in ${row.online_year}`)),
            part("online", list.map((row) => row.online_year), list.map((row) => end - row.online_year), { color: list.map((row) => palette.pathway[row.pathway]) },
              list.map((row) => `${label(row.pathway)}, ${plain(row.financed_by)}, online from ${row.online_year}`)),
          ],
          layout: barLayout(list.length, "", { barmode: "overlay", shapes: [shade()], height: 90 + 22 * list.length, bargap: 0.3, xaxis: { tickformat: "d", range: [years[0] - 0.5, end], side: "top" }, yaxis: { tickfont: { size: 11 } } }),
        }] : [],
        rows: list, isChosen: (row) => row.online_year === chosen.year || row.decision_year === chosen.year,
        columns: [{ key: "facility", title: "Project", tell: (key) => nameOf("facilities", key) }, { key: "region", title: "Region" },
          { key: "material", title: "Makes", tell: (key) => nameOf("materials", key) }, { key: "decision_year", title: "Decision", unit: "year" },
          { key: "online_year", title: "Online", unit: "year" }, { key: "t_per_year", title: "Capacity", unit: "t/yr" },
          { key: "capex_usd_million", title: "Investment", unit: "USD million" }, { key: "financed_by", title: "Financed by" },
          { key: "strike_usd_per_t", title: "Strike", unit: "USD/t" },
          { key: "tied_with", title: "Would do as well", tell: (value) => value.split(", ").map((key) => nameOf("facilities", key)).join(", ") }],
        words: list.length ? `${list.length} decisions; in ${chosen.year}: ${list.filter((row) => row.decision_year === chosen.year).length} taken, ${list.filter((row) => row.online_year === chosen.year).length} come online.` : "No new capacity for this mineral.",
      };
    },

    flow() {
      const every = here("flows", { mineral: chosen.mineral, year: chosen.year });
      const list = bundle(every);
      const nodes = [...new Set(list.flatMap((row) => [row.from_node, row.to_node]))];
      const place = new Map(nodes.map((node, n) => [node, n]));
      const colour = (key) => ({ clear: "rgba(0,114,178,0.45)", exposed: "rgba(213,94,0,0.55)", saved: "rgba(240,228,66,0.7)", unmet: "rgba(26,26,26,0.6)" })[key] || "rgba(120,120,120,0.4)";
      return {
        panels: list.length ? [{
          key: "flow", isWide: true, title: `Tonnes of ${nameOf("minerals", chosen.mineral)} in ${chosen.year}`, least: 720,
          traces: [{
            type: "sankey", arrangement: "snap",
            node: { ...places(list, nodes), label: nodes.map((node) => plain(cut(node.split(" · ").reverse().join(" · ").replaceAll("_", " "), 34))), customdata: nodes.map(plain), color: "#6e7781", pad: 10, thickness: 12, line: { width: 0 }, hovertemplate: "%{customdata}<extra></extra>" },
            link: {
              source: list.map((row) => place.get(row.from_node)), target: list.map((row) => place.get(row.to_node)), value: list.map((row) => row.t),
              color: list.map((row) => colour(row.provenance)), customdata: list.map((row) => `${told(row.t)} t, ${label(row.provenance)}`),
              hovertemplate: "%{source.customdata} → %{target.customdata}<br>%{customdata}<extra></extra>",
            },
          }],
          layout: layout({ height: Math.max(360, 17 * nodes.length), font: { ...font, size: 11 } }),
        }] : [],
        rows: [...every].sort((a, b) => b.t - a.t),
        columns: [{ key: "from_node", title: "From" }, { key: "to_node", title: "To" }, { key: "provenance", title: "Provenance", tell: label }, { key: "t", title: "Flow", unit: "t/yr" }],
        words: every.length ? `${every.length} flows; places with less than a hundredth of the largest are drawn as one, "others".` : "Nothing flows in this year.",
      };
    },

    prices() {
      const list = here("prices").filter((row) => row.mineral === chosen.mineral || row.mineral === "");
      const limits = list.filter((row) => row.kind === "limit").sort((a, b) => b.up_usd_million - a.up_usd_million);
      const panel = savedPanel("limits", "Saved by one step more (USD million)", limits.map((row) => [row.sentence.split(/ (?:saves|costs) /)[0], row.up_usd_million]));
      return {
        panels: limits.length ? [{ ...panel, isWide: true }] : [], rows: list,
        sentences: list.map((row) => `${row.sentence}.`),
        columns: [{ key: "sentence", title: "Step" }, { key: "kind", title: "Of" }, { key: "up_usd_million", title: "A step more", unit: "USD million" },
          { key: "down_usd_million", title: "A step less", unit: "USD million" }, { key: "slope_usd_million", title: "By the slope", unit: "USD million" },
          { key: "usd_per_t", title: "For each tonne", unit: "USD/t" }],
        words: list.length ? "" : "No step was looked at for this mineral.",
      };
    },

    frontier() {
      const list = here("frontier");
      const traces = [...groupBy(list, "budget_multiple")].map(([multiple, part], n) => ({
        type: "scatter", mode: "lines+markers", name: frontierName(multiple),
        x: part.map((row) => row.exposure_index), y: part.map((row) => row.cost_usd_million), marker: { color: palette.series[n % 8], size: 8, symbol: n }, line: { color: palette.series[n % 8] },
        customdata: part.map((row) => `${row.most_exposed ? `${plain(nameOf("minerals", row.most_exposed))} ${told(row.most_exposed_share, "share")}, ` : ""}index ${told(row.exposure_index, "share")}, cost ${told(row.cost_usd_million)} USD million of which penalties ${told(row.penalties_usd_million)}, CfD ${told(row.cfd_usd_million)} USD million`),
        hovertemplate: "%{customdata}",
      }));
      return {
        panels: list.length ? [{
          key: "frontier", isWide: true, title: "Least cost for every exposure", traces,
          layout: layout({ height: 420, showlegend: true, hovermode: "closest", xaxis: { title: { text: `exposure index, ${page.index_from}-${years[years.length - 1]}` }, tickformat: ".1%" }, yaxis: { title: { text: "discounted cost, USD million" } } }),
        }] : [],
        // Points lie close together: a digit more than elsewhere.
        columns: declared("frontier").map((column) => (column.unit === "share" ? { ...column, tell: (value) => `${(100 * value).toFixed(1)} %` } : column)),
        rows: list, words: list.length ? "" : "No frontier was drawn for this scenario.",
      };
    },

    stress() {
      const mine = here("stress");
      const other = chosen.base === chosen.scenario ? [] : rows("stress", { scenario: chosen.base });
      const panels = mine.length ? stressed.map(([key, words, unit]) => ({
        key, title: `${words} (${unit})`,
        traces: [[mine, chosen.scenario, palette.series[0]], [other, chosen.base, palette.series[7]]].filter(([list]) => list.length).map(([list, scenario, colour]) => ({
          type: "bar", orientation: "h", name: plain(title(scenario)), y: apart(list.map((row) => shockName(row.shock))), x: list.map((row) => row[key]),
          customdata: texts(list.map((row) => row[key]), unit), hovertemplate: "%{customdata}", marker: { color: colour },
        })),
        layout: barLayout(mine.length, "", { barmode: "group", showlegend: other.length > 0, height: 70 + 34 * mine.length, hovermode: "y unified", xaxis: unit === "share" ? { tickformat: ".0%" } : {} }),
      })) : [];
      const every = rows("stress", {});
      if (groupBy(every, "scenario").size > 1) panels.push(...stressed.map(([key, words, unit]) => matrix(every, key, words, unit)));
      return { ...asWritten("stress"), panels, words: mine.length ? "" : "This scenario was not put to a stress test." };
    },

    regret() {
      const every = rows("regret", {});
      return { ...asWritten("regret"), panels: every.length ? [matrix(every, "regret_usd_million", "Regret", "USD million")] : [] };
    },

    alternatives() {
      const list = here("alternatives");
      // What is measured in different units cannot share an axis. Nor can mines and magnet plants by the tonne: each is
      // drawn as a share of the most it can be.
      const most = new Map([...groupBy(list, "measure")].map(([measure, every]) => [measure, Math.max(...every.map((row) => row.highest)) || 1]));
      const panels = [...groupBy(list, "slack")].flatMap(([slack, every]) => [...groupBy(every, "unit")].map(([unit, part]) => {
        const isCapacity = unit === "t/yr", scale = (row, key) => row[key] / (isCapacity ? most.get(row.measure) : 1);
        const y = apart(part.map(measureName));
        return {
          key: `slack ${slack} ${unit}`,
          title: `Within ${told(slack, "share")} of least cost: ${isCapacity ? "new capacity (share of the most)" : unit === "share" ? "pathways (share of output)" : `public money (${unit})`}`,
          traces: [
            { type: "bar", orientation: "h", name: "range", y, base: part.map((row) => scale(row, "lowest")), x: part.map((row) => scale(row, "highest") - scale(row, "lowest")), marker: { color: palette.series[4] }, customdata: part.map((row) => `${told(row.lowest, unit)} to ${told(row.highest, unit)}`), hovertemplate: "%{customdata}" },
            { type: "scatter", mode: "markers", name: "least-cost plan", y, x: part.map((row) => scale(row, "at_least_cost")), marker: { color: palette.ink, symbol: "diamond", size: 9 }, customdata: part.map((row) => told(row.at_least_cost, unit)), hovertemplate: "%{customdata}" },
          ],
          layout: barLayout(part.length, "", { height: 70 + 26 * part.length, showlegend: true, hovermode: "y unified", xaxis: unit === "USD million" ? {} : { tickformat: ".0%" } }),
        };
      }));
      return { panels, rows: list, columns: declared("alternatives"), words: list.length ? "" : "None were looked for." };
    },

    lead_times() {
      const list = here("lead_times");
      return {
        ...asWritten("lead_times"), words: list.length ? "" : "Not looked at for this scenario.",
        panels: list.length ? [savedPanel("lead_times", "Saved by one year less of lead time (USD million)", list.map((row) => [nameOf("facilities", row.facility), row.usd_million]))] : [],
      };
    },

    stress_savings() {
      const list = here("stress_savings");
      const panels = [...groupBy(list, "shock")].map(([shock, part]) => savedPanel(shock, `${nameOf("scenarios", shock)} (USD million)`,
        [...part].sort((a, b) => b.saved_usd_million - a.saved_usd_million).map((row) => [`${row.kind}: ${partName(row.name)}`, row.saved_usd_million])));
      return { ...asWritten("stress_savings"), panels, words: list.length ? "" : "Nothing softens or worsens a shock for this scenario." };
    },

    hedge() {
      const found = new Map(here("hedge").map((row) => [row.measure, row.value]));
      const futures = [...found.keys()].filter((key) => key.startsWith("foreseen_cost: ")).map((key) => key.slice("foreseen_cost: ".length));
      const ways = [["plan", "plan for no shock kept", palette.series[7]], ["hedged", "hedged plan", palette.series[0]]];
      const more = (way, future) => found.get(`${way}_cost: ${future}`) - found.get(`foreseen_cost: ${future}`);
      const y = apart(futures.map((future) => `${shockName(future)}, ${told(found.get(`probability: ${future}`), "share")}`));
      return {
        ...asWritten("hedge"),
        panels: futures.length ? [{
          key: "hedge", isWide: true, title: "What each way of deciding costs more than foresight (USD million)",
          traces: ways.map(([way, name, colour]) => ({
            type: "bar", orientation: "h", name, y, x: futures.map((future) => more(way, future)), marker: { color: colour },
            customdata: texts(futures.map((future) => more(way, future)), "USD million"), hovertemplate: "%{customdata}",
          })),
          layout: barLayout(futures.length, "", { barmode: "group", showlegend: true, height: 70 + 38 * futures.length, hovermode: "y unified" }),
        }] : [],
        words: futures.length ? `${found.has("insurance_premium") ? `Without a shock the hedged plan costs ${told(found.get("insurance_premium"))} USD million more than the plan for no shock. ` : ""}On average over all futures the hedged plan saves ${told(found.get("value_of_stochastic_solution"))} USD million (value of the stochastic solution). To know the future would save ${told(found.get("value_of_perfect_information"))} more (value of perfect information).` : "",
      };
    },

    frontier_plans: () => asWritten("frontier_plans"),
    hedge_decisions: () => asWritten("hedge_decisions"),
    stress_breaches: () => asWritten("stress_breaches"),
    frontier_minerals: () => asWritten("frontier_minerals"),
    stress_minerals: () => asWritten("stress_minerals"),

    minerals() {
      const list = here("minerals");
      const other = new Map(rows("minerals", { scenario: chosen.base }).map((row) => [row.mineral, row.exposed_share]));
      for (const row of list) row.more = isNumber(other.get(row.mineral)) ? row.exposed_share - other.get(row.mineral) : null;
      const panel = (key, words, colour) => ({
        key, title: words,
        traces: [{
          type: "bar", orientation: "h", name: words, y: apart(list.map((row) => plain(nameOf("minerals", row.mineral)))), x: list.map((row) => row[key]),
          customdata: texts(list.map((row) => row[key]), "share"), hovertemplate: "%{y}: %{customdata}<extra></extra>", marker: { color: colour },
        }],
        layout: barLayout(list.length, "", { xaxis: { tickformat: ".0%", range: [0, 1.02] } }),
      });
      return {
        panels: [panel("exposed_share", "Exposed share of demand", palette.pathway.china), panel("unmet_share", "Share of demand not met", palette.bad)],
        rows: list, isChosen: (row) => row.mineral === chosen.mineral,
        columns: [{ key: "mineral", title: "Mineral", tell: (key) => pick("mineral", key, nameOf("minerals", key), true) },
          { key: "exposed_share", title: "Exposed share of demand", unit: "share" }, { key: "more", title: "change", unit: "share", tell: (value) => signed(value, "share") },
          { key: "unmet_share", title: "Share not met", unit: "share", isBad: (row) => row.unmet_share > 0 },
          { key: "import_reliance", title: "Net import reliance", unit: "share" }],
        words: "",
      };
    },

    changed() {
      const list = here("changed_cells");
      return {
        panels: [], rows: list, words: list.length ? `${list.length} ${list.length === 1 ? "change" : "changes"}.` : "Nothing: the workbook as it stands.",
        columns: [{ key: "sheet", title: "Sheet" }, { key: "record", title: "Row" }, { key: "column", title: "Column" }, { key: "years", title: "Years" }, { key: "old", title: "Before" }, { key: "new", title: "After" }],
      };
    },

    input_changes() {
      return {
        panels: [], rows: rows("input_changes", {}), words: "",
        columns: declared("input_changes"),
      };
    },

    result_changes() {
      return {
        panels: [], rows: rows("result_changes", {}), words: "", columns: [{ key: "scenario", title: "Scenario" }, { key: "measure", title: "Measure" }, { key: "unit", title: "Unit" },
          { key: "a", title: "First run", unit: "", tell: (value, row) => told(value, row.unit) }, { key: "b", title: "Second run", unit: "", tell: (value, row) => told(value, row.unit) },
          { key: "change", title: "Change", unit: "", tell: (value, row) => signed(value, row.unit) }],
      };
    },
  };

  const stressed = [["extra_without_penalties_usd_million", "Extra cost without penalties", "USD million"], ["extra_penalties_usd_million", "Extra penalties", "USD million"], ["most_exposed_share", "Exposed share of the most exposed mineral", "share"], ["most_short_share", "Share not met of the mineral most short", "share"], ["cfd_usd_million", "CfD payments", "USD million"]];
  const shockName = (key) => plain(cut(nameOf("scenarios", key), 44));
  // A part of a plan: a stock as material/region, a contract as facility/offer, or a facility.
  const partName = (key) => key.split("/").map((word) => nameOf("facilities", nameOf("materials", word))).join(", ");

  // Every plan under every shock, the number in each field.
  function matrix(list, key, words, unit) {
    const shocks = [...groupBy(list, "shock").keys()];
    const plans = [...groupBy(list, "scenario")];
    const z = plans.map(([, part]) => shocks.map((shock) => (part.find((row) => row.shock === shock) || {})[key] ?? null));
    const text = z.map((line) => texts(line, unit));
    return {
      key: `matrix ${key}`, isWide: true, least: 620, title: `${words} of every plan under every shock (${unit})`,
      traces: [{
        type: "heatmap", x: shocks.map((shock) => plain(shock.replaceAll("_", " "))), y: apart(plans.map(([scenario]) => plain(cut(title(scenario), 40)))), z, text, texttemplate: "%{text}",
        customdata: z.map(() => shocks.map(shockName)), hovertemplate: "%{y}<br>%{customdata}: %{text}<extra></extra>",
        colorscale: [[0, "#fff"], [1, palette.series[4]]], showscale: false, xgap: 2, ygap: 2,
      }],
      layout: layout({ height: 90 + 26 * plans.length, xaxis: { side: "top", type: "category", tickfont: { size: 11 } }, yaxis: { autorange: "reversed", type: "category" } }),
    };
  }

  function savedPanel(key, words, list) {
    const x = list.map(([, value]) => value);
    return {
      key, title: words,
      traces: [{
        type: "bar", orientation: "h", name: "saved", y: apart(list.map(([name]) => plain(cut(name, 44)))), x, customdata: texts(x, "USD million"), hovertemplate: "%{y}: %{customdata}<extra></extra>",
        marker: { color: x.map((value) => (value < 0 ? palette.bad : palette.series[2])) },
      }],
      layout: barLayout(list.length, ""),
    };
  }

  // `share_onshore`, `cfd_pays`, or `new_capacity facility`.
  function measureName(row) {
    const [what, facility] = row.measure.split(" ");
    if (facility) return plain(cut(nameOf("facilities", facility), 44));
    return plain(what === "cfd_pays" ? "treasury pays" : label(what.replace("share_", "")));
  }

  const frontierName = (multiple) => (multiple === 1 ? "CfD budgets as they are" : multiple === 0 ? "no CfD budget" : `${told(multiple)} times the CfD budgets`);

  // A table as it is, all scenarios, the chosen one marked.
  const asWritten = (name) => ({
    panels: [], rows: rows(name, {}), words: "", isChosen: (row) => row.scenario === chosen.scenario,
    columns: [{ key: "scenario", title: "Scenario", tell: title }, ...declared(name)],
  });

  function exposurePanel(words, scope, segment, part) {
    const line = (name, key, style) => ({
      type: "scatter", mode: "lines", name, x: years, y: over(part, key, years), customdata: texts(over(part, key, years), "share"), hovertemplate: "%{customdata}", line: style, connectgaps: false,
    });
    const traces = [line(scope === "chain" ? "exposed deliveries" : "with ownership and technology", "controlled_share", { color: palette.pathway.china, width: 3 })];
    if (scope !== "chain") traces.push(line("by location", "located_share", { color: palette.series[0], width: 2, dash: "dot" }));
    if (part.some((row) => isNumber(row.cap))) traces.push(line("cap", "cap", { color: palette.ink, width: 2, dash: "dash", shape: "hvh" }));
    return {
      key: `${scope} ${segment}`, title: segment === all ? words : `${words}, ${segment}`, traces,
      layout: yearLayout("", { showlegend: true, yaxis: { tickformat: ".0%", range: [0, 1.02] } }),
    };
  }

  // The columns of a table as the dictionary states them.
  const declared = (name) => (page.columns[name] || []).map(([key, unit, numeric]) => {
    const words = key.replaceAll("_", " ");
    if (!numeric) return { key, title: words, tell: (value) => wordOf(key, value) };
    const own = unit || (key.endsWith("year") ? "year" : "");
    return { key, title: words, unit: own, tell: (value, row) => told(value, own || row.unit) };
  });

  // What an identifier in a column stands for.
  const sheetOf = { facility: "facilities", mineral: "minerals", stage: "stages", material: "materials", shock: "scenarios" };
  function wordOf(key, value) {
    if (sheetOf[key]) return nameOf(sheetOf[key], value);
    if (key === "pathway" || key === "provenance") return label(value);
    if (key === "name") return partName(value);
    return key === "measure" ? measureWords(value) : value;
  }

  // A measure may name a facility or a shock after a blank.
  const measureWords = (measure) => measure.split(" ").map((word) => nameOf("facilities", nameOf("scenarios", word)).replaceAll("_", " ")).join(" ");
  const against = (more) => (chosen.base === chosen.scenario ? "" : more === "0" ? `, the same as ${title(chosen.base)}` : `; ${more} against ${title(chosen.base)}`);

  // Where the nodes of a material flow stand, from 0 to 1: each step in its column, those who ship before those who
  // are shipped to, what comes from nowhere first, demand last; in a column the largest on top.
  function places(list, nodes) {
    const material = (node) => node.split(" · ")[0];
    const ships = new Set(list.filter((row) => row.from_node !== row.to_node && material(row.from_node) === material(row.to_node)).map((row) => row.from_node));
    const column = nodes.map((node) => {
      if (!node.includes(" · ")) return list.some((row) => row.from_node === node) ? -1 : Infinity;
      return 2 * (page.steps[material(node)] ?? 0) + (ships.has(node) ? 0 : 1);
    });
    const columns = [...new Set(column)].sort((a, b) => a - b);
    const through = (node) => Math.max(sum(list.filter((row) => row.from_node === node), "t"), sum(list.filter((row) => row.to_node === node), "t"));
    const y = nodes.map(() => 0);
    for (const each of columns) {
      const here = nodes.map((_, n) => n).filter((n) => column[n] === each).sort((a, b) => through(nodes[b]) - through(nodes[a]));
      const total = here.reduce((all, n) => all + through(nodes[n]), 0);
      let above = 0;
      here.forEach((n, place) => {
        const size = 0.5 * through(nodes[n]) / total + 0.5 / here.length;
        y[n] = Math.min(0.99, Math.max(0.01, above + size / 2));
        above += size;
      });
    }
    return { x: column.map((each) => 0.01 + 0.9 * columns.indexOf(each) / Math.max(1, columns.length - 1)), y };
  }

  // Flows of small places, drawn as those of one place for each material.
  function bundle(list) {
    const through = new Map();
    for (const row of list) for (const node of [row.from_node, row.to_node]) through.set(node, (through.get(node) || 0) + row.t);
    const least = Math.max(...through.values()) / 100;
    const drawn = (node) => (node.includes(" · ") && through.get(node) < least ? `${node.split(" · ")[0]} · others` : node);
    const found = new Map();
    for (const row of list) {
      const [from, to] = [drawn(row.from_node), drawn(row.to_node)];
      const key = JSON.stringify([from, to, row.provenance]);
      if (from === to) continue;
      if (!found.has(key)) found.set(key, { ...row, from_node: from, to_node: to, t: 0 });
      found.get(key).t += row.t;
    }
    return [...found.values()];
  }

  function pick(what, key, words, isPossible) {
    if (!isPossible) return words;
    const button = make("button", { type: "button", class: "pick", "aria-pressed": String(chosen[what] === key) }, words);
    button.addEventListener("click", () => {
      document.getElementById(what).value = key;
      follow();
    });
    return button;
  }

  // ---- drawing ------------------------------------------------------------------------------------------------------

  // What the colours and lines mean, as text on the page: it wraps, prints and is read out.
  function makeKey(traces) {
    return make("ul", { class: "key" }, ...traces.map((trace) => {
      const swatch = make("span", { class: trace.type === "scatter" ? "stroke" : "swatch" });
      const { color } = trace.line || trace.marker;
      if (trace.type !== "scatter") swatch.style.background = color;
      else swatch.style.borderTop = `3px ${{ dash: "dashed", dot: "dotted" }[(trace.line || {}).dash] || "solid"} ${color}`;
      const item = make("li", {}, swatch);
      item.append(unplain(trace.name));
      return item;
    }));
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
        panel = make("div", { class: each.isWide ? "panel wide" : "panel" }, make("h4"), make("div", { class: "keys" }), make("div", { class: "plot", role: "img" }));
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
    if (found.sentences) box.after(make("ol", { class: "sentences" }, ...found.sentences.map((text) => make("li", {}, text))));
    const details = figure.querySelector("details");
    const fill = () => details.querySelector(".scroll").replaceChildren(makeTable(found.columns, found.rows, found));
    details.ontoggle = () => details.open && fill();
    if (details.open) fill();
    else details.querySelector(".scroll").replaceChildren();
  }

  const words = {
    scenario: () => title(chosen.scenario), base: () => (chosen.base === chosen.scenario ? "" : `against ${title(chosen.base)}`), mineral: () => nameOf("minerals", chosen.mineral), year: () => String(chosen.year),
  };

  function follow() {
    for (const what of ["scenario", "base", "mineral"]) chosen[what] = document.getElementById(what).value;
    chosen.year = Number(document.getElementById("year").value);
    for (const verdict of document.querySelectorAll(".verdict")) {
      verdict.hidden = verdict.dataset.scenario !== chosen.scenario;
      const versus = verdict.querySelector(".versus");
      const row = rows("versus", { scenario: verdict.dataset.scenario, base: chosen.base })[0];
      if (versus && row) versus.textContent = row.text;
    }
    for (const place of document.querySelectorAll("[data-chosen]")) {
      place.textContent = place.dataset.chosen.split(" ").filter(Boolean).map((what) => words[what]()).filter(Boolean).join(", ");
    }
    for (const figure of document.querySelectorAll("[data-figure]")) drawFigure(figure);
    document.getElementById("status").textContent = `Showing ${words.scenario()} ${words.base()}, ${words.mineral()}, ${words.year()}.`;
    document.body.dataset.shown = JSON.stringify(chosen);
  }

  // A sheet of paper is as wide as two figures, or one wide one, whatever the window is (pixels at 96 to the inch on A4).
  window.addEventListener("beforeprint", () => {
    for (const plot of document.querySelectorAll(".js-plotly-plot")) {
      const width = plot.parentElement.classList.contains("wide") ? 690 : 340;
      // A material flow draws its links little by little, and paper does not wait: it is made smaller as it stands.
      if (plot.data[0].type === "sankey") plot.style.zoom = width / plot.clientWidth;
      else Plotly.relayout(plot, { width, ...(plot.layout.xaxis.tickformat === "d" ? { "xaxis.dtick": years.length > 6 ? 2 : 1 } : {}) });
    }
  });
  window.addEventListener("afterprint", () => {
    document.querySelectorAll(".js-plotly-plot").forEach((plot) => plot.style.removeProperty("zoom"));
    follow();
  });
  for (const what of ["scenario", "base", "mineral", "year"]) document.getElementById(what).addEventListener("change", follow);
  if (Object.keys(page.titles).length) follow();
})();
