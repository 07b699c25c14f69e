// The figures about a plan. Each figure returns panels to draw, a table, and what it says in words.

function exposurePanel(words, scope, segment, part) {
  const line = (name, key, style) => ({
    type: "scatter",
    mode: "lines",
    name,
    x: years,
    y: over(part, key, years),
    customdata: texts(over(part, key, years), "share"),
    hovertemplate: "%{customdata}",
    line: style,
    connectgaps: false,
  });
  const traces = [
    line(scope === "chain" ? "exposed deliveries" : "with ownership and technology", "controlled_share", {
      color: palette.met.exposed,
      width: 3,
    }),
  ];
  if (scope !== "chain")
    traces.push(line("by location", "located_share", { color: palette.series[0], width: 2, dash: "dot" }));
  if (part.some((row) => isNumber(row.cap)))
    traces.push(line("cap", "cap", { color: palette.ink, width: 2, dash: "dash", shape: "hvh" }));
  return {
    key: `${scope} ${segment}`,
    title: segment === all ? words : `${words}, ${segment}`,
    traces,
    layout: yearLayout(scope === "chain" ? "share of demand" : "share of output", { showlegend: true, yaxis: { tickformat: ".0%", range: [0, 1.02] } }),
  };
}

Object.assign(figures, {
  compared() {
    const list = rows("comparison", {});
    const base = list.find((row) => row.scenario === chosen.picked) || {};
    const at = [
      ["most_exposed_share", "Its exposed share", "share"],
      ["exposure_index", `Exposure index ${page.index_from}-${years[years.length - 1]}`, "share"],
      ["most_short_share", "Its share not met", "share"],
      ["supply_cost_usd_million", "Supply cost", "USD million"],
      ["penalty_cost_usd_million", "Penalties", "USD million"],
      ["cost_usd_million", "Supply, penalties and burden", "USD million"],
      ["support_paid_usd_million", "Support paid and lent", "USD million"],
      ["support_back_usd_million", "Support paid back", "USD million"],
      ["support_tail_usd_million", "Support after the plan", "USD million"],
      ["support_net_present_usd_million", "Support, present value", "USD million"],
      ["support_net_present_stress_usd_million", "The same in a slump", "USD million"],
      ["capex_usd_million", "Investment", "USD million"],
      ["projects", "Projects", ""],
      ["awards", "Awards", ""],
    ];
    const columns = [
      {
        key: "scenario",
        title: "Scenario",
        describe: (key, row) => pick("scenario", key, short(key), row.status === "optimal", row.title),
      },
    ];
    const mineral = {
      most_exposed_share: ["most_exposed", "Most exposed mineral"],
      most_short_share: ["most_short", "Mineral most short"],
    };
    for (const [key, words, unit] of at) {
      if (mineral[key]) columns.push({ key: mineral[key][0], title: mineral[key][1] });
      columns.push({ key, title: words, unit, isBad: (row) => key === "most_short_share" && row[key] > 0 });
      columns.push({ key: `${key}_more`, title: "change", unit, isChange: true, describe: (value) => signed(value, unit) });
    }
    for (const row of list)
      for (const [key] of at)
        row[`${key}_more`] =
          isNumber(row[key]) && isNumber(base[key]) && areAlike(row.scenario, base.scenario)
            ? row[key] - base[key]
            : null;
    const shown = [
      ["supply_cost_usd_million_more", "Supply cost above the base", "USD million"],
      ["penalty_cost_usd_million", "Penalties for what is missed", "USD million"],
      ["most_exposed_share", "Exposed share of the most exposed mineral", "share"],
      ["most_short_share", "Share not met of the mineral most short", "share"],
      ["support_paid_usd_million", "Support paid and lent", "USD million"],
    ];
    const solved = list.filter((row) => row.status === "optimal");
    return {
      panels: (solved.length > 1 ? shown : shown.slice(1)).map(([key, words, unit]) => ({
        key,
        title: `${words} (${unit})`,
        traces: [
          {
            type: "bar",
            orientation: "h",
            y: apart(solved.map((row) => plain(short(row.scenario)))),
            x: solved.map((row) => row[key]),
            customdata: texts(
              solved.map((row) => row[key]),
              unit,
            ),
            hovertemplate: "%{y}: %{customdata}<extra></extra>",
            marker: {
              color: solved.map((row) => (row.scenario === chosen.scenario ? palette.series[1] : palette.series[0])),
            },
          },
        ],
        layout: barLayout(solved.length, "", { xaxis: unit === "share" ? { tickformat: ".0%" } : {} }),
      })),
      columns,
      rows: list,
      isChosen: (row) => row.scenario === chosen.scenario,
      words:
        document.querySelector(`.verdict[data-scenario="${CSS.escape(chosen.scenario)}"] .versus`)?.textContent || "",
    };
  },

  demand() {
    const list = here("needs", { mineral: chosen.mineral });
    const keys = met.map((key) => `${key}_t`);
    const panels = [...groupBy(list, "stage")].map(([stage, part]) => {
      const byYear = groupBy(part, "year");
      return {
        key: stage,
        title: nameOf("stages", stage),
        layout: yearLayout(`t/yr of ${plain(nameOf("minerals", chosen.mineral))}`),
        traces: met.map((key) =>
          bar(
            label(key),
            years,
            years.map((year) => (byYear.has(year) ? sum(byYear.get(year), `${key}_t`) : null)),
            palette.met[key],
            "t/yr",
            { marker: pattern(key) },
          ),
        ),
      };
    });
    const now = list.filter((row) => row.year === chosen.year);
    const whole = keys.reduce((total, key) => total + sum(now, key), 0);
    return {
      panels,
      columns: [
        { key: "year", title: "Year", unit: "year" },
        { key: "stage", title: "Stage" },
        { key: "segment", title: "Segment" },
        ...met.map((key) => ({
          key: `${key}_t`,
          title: label(key),
          unit: "t/yr",
          isBad: (row) => key === "unmet" && row.unmet_t > 0,
        })),
      ],
      rows: list,
      isChosen: (row) => row.year === chosen.year,
      words: whole
        ? `In ${chosen.year}, of ${formatted(whole)} t demanded: ${met.map((key) => `${label(key)} ${formatted(sum(now, `${key}_t`) / whole, "share")}`).join(", ")}.`
        : "No demand.",
    };
  },

  mix() {
    const list = here("mix", { mineral: chosen.mineral });
    const stages = groupBy(list, "stage");
    const panels = Object.keys(names.stages)
      .filter((stage) => stages.has(stage))
      .map((stage) => {
        const byPathway = groupBy(stages.get(stage), "pathway");
        return {
          key: stage,
          title: nameOf("stages", stage),
          layout: yearLayout(`t/yr of ${plain(nameOf("minerals", chosen.mineral))}`),
          traces: pathways
            .filter((pathway) => byPathway.has(pathway))
            .map((pathway) =>
              bar(label(pathway), years, over(byPathway.get(pathway), "t", years), palette.pathway[pathway], "t/yr", {
                marker: pattern(pathway),
              }),
            ),
        };
      });
    const now = list.filter((row) => row.year === chosen.year);
    const byStage = groupBy(now, "stage");
    const words = Object.keys(names.stages)
      .filter((stage) => byStage.has(stage))
      .map((stage) => {
        const part = byStage.get(stage);
        const first = [...part].sort((a, b) => b.share - a.share)[0];
        return `${nameOf("stages", stage)} ${label(first.pathway)} ${formatted(first.share, "share")}`;
      });
    return {
      panels,
      rows: list,
      isChosen: (row) => row.year === chosen.year,
      columns: [
        { key: "year", title: "Year", unit: "year" },
        { key: "stage", title: "Stage", describe: (key) => nameOf("stages", key) },
        { key: "pathway", title: "Pathway", describe: label },
        { key: "t", title: "Output", unit: "t/yr" },
        { key: "share", title: "Share", unit: "share" },
      ],
      words: words.length ? `Largest share in ${chosen.year}: ${words.join(", ")}.` : "Nothing is made.",
    };
  },

  exposure() {
    const list = here("exposure", { mineral: chosen.mineral });
    const scopes = ["chain", ...Object.keys(names.stages)];
    const scopeName = (scope) => (scope === "chain" ? "End to end" : nameOf("stages", scope));
    const panels = [];
    for (const scope of scopes) {
      for (const [segment, part] of groupBy(
        list.filter((row) => row.stage === scope),
        "segment",
      )) {
        // A segment of its own is drawn where it has a cap of its own.
        if (segment === all || part.some((row) => isNumber(row.cap)))
          panels.push(exposurePanel(scopeName(scope), scope, segment, part));
      }
    }
    const now = list
      .filter((row) => row.year === chosen.year && row.segment === all)
      .sort((a, b) => scopes.indexOf(a.stage) - scopes.indexOf(b.stage));
    return {
      panels,
      rows: list,
      isChosen: (row) => row.year === chosen.year,
      columns: [
        { key: "year", title: "Year", unit: "year" },
        { key: "stage", title: "Scope", describe: scopeName },
        { key: "segment", title: "Segment", describe: (key) => (key === all ? "all" : key) },
        {
          key: "controlled_share",
          title: "With ownership and technology",
          unit: "share",
          isBad: (row) => isNumber(row.cap) && row.controlled_share > row.cap + 1e-6,
        },
        { key: "located_share", title: "By location", unit: "share" },
        { key: "cap", title: "Cap", unit: "share" },
      ],
      words: now.length
        ? `In ${chosen.year}: ${now.map((row) => `${scopeName(row.stage)} ${formatted(row.controlled_share, "share")}`).join(", ")}.`
        : "",
    };
  },

  exposure_map() {
    const list = here("exposure", { year: chosen.year, segment: all });
    const scopes = ["chain", ...Object.keys(names.stages)].filter((scope) => list.some((row) => row.stage === scope));
    const byMineral = groupBy(list, "mineral");
    const lines = Object.keys(names.minerals)
      .filter((mineral) => byMineral.has(mineral))
      .map((mineral) => {
        const line = { mineral };
        for (const row of byMineral.get(mineral)) {
          line[row.stage] = row.controlled_share;
          line[`${row.stage} cap`] = row.cap;
        }
        return line;
      });
    return {
      panels: [],
      rows: lines,
      isChosen: (row) => row.mineral === chosen.mineral,
      columns: [
        { key: "mineral", title: "Mineral", describe: (key) => pick("mineral", key, nameOf("minerals", key), true) },
        ...scopes.map((scope) => ({
          key: scope,
          title: scope === "chain" ? "End to end" : nameOf("stages", scope),
          unit: "share",
          isBad: (row) => isNumber(row[`${scope} cap`]) && row[scope] > row[`${scope} cap`] + 1e-6,
          describe: (value, row) =>
            isNumber(row[`${scope} cap`])
              ? `${formatted(value, "share")} (cap ${formatted(row[`${scope} cap`], "share")})`
              : formatted(value, "share"),
        })),
      ],
      words: "",
    };
  },
});
