// The figures about projects, flows and minerals.

// A place in the flow: its region first, so that what is cut off is the end of the material.
const nodeName = (node) => node.replace(/^Demand: /, "").split(" · ").reverse().join(" · ").replaceAll("_", " ");

Object.assign(figures, {
  timeline() {
    const list = here("projects")
      .filter((row) => (page.contents[row.material] || []).includes(chosen.mineral))
      .sort((a, b) => a.decision_year - b.decision_year || a.online_year - b.online_year);
    const y = apart(
      list.map((row) => plain(cut(`${nameOf("facilities", row.facility)}, ${formatted(row.t_per_year)} t/yr`, 46))),
    );
    const end = years[years.length - 1] + 1;
    const part = (name, base, length, marker, said) => ({
      type: "bar",
      orientation: "h",
      name,
      y,
      base,
      x: length,
      marker,
      text: said,
      textposition: "none",
      hovertemplate: "%{text}<extra>%{fullData.name}</extra>",
    });
    return {
      panels: list.length
        ? [
            {
              key: "timeline",
              isWide: true,
              least: 620,
              title: "From decision to the end of the plan",
              traces: [
                part(
                  "construction",
                  list.map((row) => row.decision_year),
                  list.map((row) => row.online_year - row.decision_year),
                  {
                    color: "#fff",
                    line: { color: palette.ink, width: 1 },
                    pattern: { shape: "/", fgcolor: palette.ink, size: 6, solidity: 0.15 },
                  },
                  list.map((row) => `decided in ${row.decision_year}, online in ${row.online_year}`),
                ),
                part(
                  "online",
                  list.map((row) => row.online_year),
                  list.map((row) => end - row.online_year),
                  { color: list.map((row) => palette.pathway[row.pathway]) },
                  list.map((row) => `${label(row.pathway)}, ${plain(row.financed_by)}, online from ${row.online_year}`),
                ),
              ],
              layout: barLayout(list.length, "", {
                barmode: "overlay",
                shapes: [shade()],
                height: 90 + 22 * list.length,
                bargap: 0.3,
                xaxis: { tickformat: "d", range: [years[0] - 0.5, end], side: "top" },
                yaxis: { tickfont: { size: 11 } },
              }),
            },
          ]
        : [],
      rows: list,
      isChosen: (row) => row.online_year === chosen.year || row.decision_year === chosen.year,
      columns: [
        { key: "facility", title: "Project", describe: (key) => nameOf("facilities", key) },
        { key: "region", title: "Region" },
        { key: "material", title: "Makes", describe: (key) => nameOf("materials", key) },
        { key: "decision_year", title: "Decision", unit: "year" },
        { key: "online_year", title: "Online", unit: "year" },
        { key: "t_per_year", title: "Capacity", unit: "t/yr" },
        { key: "capex_usd_million", title: "Investment", unit: "USD million" },
        { key: "financed_by", title: "Financed by" },
        {
          key: "form",
          title: "Support",
          describe: (form, row) => (form ? `${form.replace(/_/g, " ")} ${tellAmount(row)}` : ""),
        },
        { key: "tied_with", title: "Would do as well", describe: namesOf },
      ],
      words: list.length
        ? `${list.length} decisions; in ${chosen.year}: ${list.filter((row) => row.decision_year === chosen.year).length} taken, ${list.filter((row) => row.online_year === chosen.year).length} come online.`
        : "No new capacity for this mineral.",
    };
  },

  waits() {
    const cost = (row) => row.wait_usd_million ?? Infinity;
    const list = here("waits").sort((a, b) => cost(b) - cost(a));
    return {
      panels: [],
      rows: list,
      words: list.length ? "" : "No project is decided in the first year, or none was looked at.",
      columns: [
        { key: "facility", title: "Project", describe: (key) => nameOf("facilities", key) },
        { key: "t_per_year", title: "Decided in the first year", unit: "t/yr" },
        {
          key: "wait_usd_million",
          title: "Cost of waiting",
          unit: "USD million",
          describe: (value) => (isNumber(value) ? formatted(value) : "cannot wait"),
        },
        { key: "wait_penalties_usd_million", title: "Penalties in it", unit: "USD million" },
      ],
    };
  },

  flow() {
    const every = here("flows", { mineral: chosen.mineral, year: chosen.year });
    const list = bundle(every);
    const nodes = [...new Set(list.flatMap((row) => [row.from_node, row.to_node]))];
    const place = new Map(nodes.map((node, n) => [node, n]));
    const at = places(list, nodes);
    const across = [...new Set(at.x)].sort((a, b) => a - b);
    // Letters that fit between two columns; in the last gap stand the labels of both sides.
    const width = Math.max(720, document.querySelector("#flow .panels").clientWidth);
    const gap = (0.98 * width) / Math.max(1, across.length - 1) / 6.4 - 3;
    const roomFor = (node) => {
      const right = across.length - 1 - across.indexOf(at.x[place.get(node)]);
      return Math.floor(gap * ([0.58, 0.4][right] || 1));
    };
    const colour = (key) =>
      ({
        clear: "rgba(118,183,178,0.65)",
        exposed: "rgba(161,58,0,0.6)",
        saved: "rgba(240,228,66,0.7)",
        unmet: "rgba(26,26,26,0.6)",
      })[key] || "rgba(120,120,120,0.4)";
    return {
      panels: list.length
        ? [
            {
              key: "flow",
              isWide: true,
              title: `Tonnes of ${nameOf("minerals", chosen.mineral)} in ${chosen.year}`,
              least: 720,
              traces: [
                {
                  type: "sankey",
                  arrangement: "snap",
                  node: {
                    ...at,
                    label: nodes.map((node) =>
                      plain(cut(nodeName(node), roomFor(node))),
                    ),
                    customdata: nodes.map(plain),
                    color: "#6e7781",
                    pad: 10,
                    thickness: 12,
                    line: { width: 0 },
                    hovertemplate: "%{customdata}<extra></extra>",
                  },
                  link: {
                    source: list.map((row) => place.get(row.from_node)),
                    target: list.map((row) => place.get(row.to_node)),
                    value: list.map((row) => row.t),
                    color: list.map((row) => colour(row.provenance)),
                    customdata: list.map((row) => `${formatted(row.t)} t, ${label(row.provenance)}`),
                    hovertemplate: "%{source.customdata} → %{target.customdata}<br>%{customdata}<extra></extra>",
                  },
                },
              ],
              layout: layout({ height: Math.max(360, 17 * nodes.length), font: { ...font, size: 11 } }),
            },
          ]
        : [],
      rows: [...every].sort((a, b) => b.t - a.t),
      columns: [
        { key: "from_node", title: "From" },
        { key: "to_node", title: "To" },
        { key: "provenance", title: "Provenance", describe: label },
        { key: "t", title: "Flow", unit: "t/yr" },
      ],
      words: every.length
        ? `${every.length} flows; places with less than a hundredth of the largest are drawn as one, "others".`
        : "Nothing flows in this year.",
    };
  },

  minerals() {
    const list = here("minerals");
    const other = new Map(rows("minerals", { scenario: chosen.base }).map((row) => [row.mineral, row.exposed_share]));
    for (const row of list)
      row.more = isNumber(other.get(row.mineral)) ? row.exposed_share - other.get(row.mineral) : null;
    const panel = (key, words, colour) => ({
      key,
      title: words,
      traces: [
        {
          type: "bar",
          orientation: "h",
          name: words,
          y: apart(list.map((row) => plain(nameOf("minerals", row.mineral)))),
          x: list.map((row) => row[key]),
          customdata: texts(
            list.map((row) => row[key]),
            "share",
          ),
          hovertemplate: "%{y}: %{customdata}<extra></extra>",
          marker: { color: colour },
        },
      ],
      layout: barLayout(list.length, "", { xaxis: { tickformat: ".0%", range: [0, 1.02] } }),
    });
    return {
      panels: [
        panel("exposed_share", "Exposed share of demand", palette.met.exposed),
        panel("unmet_share", "Share of demand not met", palette.met.unmet),
      ],
      rows: list,
      isChosen: (row) => row.mineral === chosen.mineral,
      columns: [
        { key: "mineral", title: "Mineral", describe: (key) => pick("mineral", key, nameOf("minerals", key), true) },
        { key: "exposed_share", title: "Exposed share of demand", unit: "share" },
        { key: "more", title: "change", unit: "share", describe: (value) => signed(value, "share") },
        { key: "unmet_share", title: "Share not met", unit: "share", isBad: (row) => row.unmet_share > 0 },
        { key: "import_reliance", title: "Net import reliance", unit: "share" },
      ],
      words: "",
    };
  },
});
