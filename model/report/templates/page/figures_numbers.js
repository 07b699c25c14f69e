// The figure of the numbers of the workbook that matter most.

const confidenceColours = {
  assumed: palette.series[2],
  derived: palette.series[5],
  published: palette.series[1],
  "no source": palette.series[7],
};
const confidenceOf = (row) => row.confidence || "no source";

// Where a number stands, in words: the sheet, its row and column.
const numberName = (row) =>
  `${row.sheet.replaceAll("_", " ")}: ${row.record.split("/").map((word) => brief(nameOf("facilities", nameOf("materials", word))).replaceAll("_", " ")).join(", ")}${row.column === "years" || row.column === "value" ? "" : `, ${row.column}`}`;

Object.assign(figures, {
  influence() {
    const list = here("influence");
    const shown = list.filter((row) => isNumber(row.usd_million_per_10_percent)).slice(0, 20);
    const y = apart(shown.map((row) => plain(cutLabel(numberName(row), 58))));
    const kinds = Object.keys(confidenceColours).filter((kind) => shown.some((row) => confidenceOf(row) === kind));
    const assumed = shown.filter((row) => row.confidence === "assumed").length;
    return {
      panels: shown.length
        ? [
            {
              key: "influence",
              isWide: true,
              title: "What ten percent more of a number does to the cost (USD million)",
              traces: kinds.map((kind) => ({
                type: "bar",
                orientation: "h",
                name: kind,
                y,
                x: shown.map((row) => (confidenceOf(row) === kind ? row.usd_million_per_10_percent : null)),
                marker: { color: confidenceColours[kind] },
                customdata: shown.map(
                  (row) =>
                    `${signed(row.usd_million_per_10_percent, "")} USD million; ${plain(row.source || "no source")}${row.jumps === "yes" ? "; it also decides who can be financed" : ""}`,
                ),
                hovertemplate: "%{customdata}",
              })),
              layout: barLayout(shown.length, "", { showlegend: true, height: 70 + 24 * shown.length }),
            },
          ]
        : [],
      rows: list,
      columns: [
        { key: "rank", title: "Rank" },
        { key: "record", title: "Number", describe: (_, row) => numberName(row) },
        { key: "value", title: "Value" , unit: "" },
        { key: "usd_million_per_10_percent", title: "Ten percent more", unit: "USD million", describe: (value) => signed(value, "") },
        { key: "confidence", title: "Confidence", describe: (_, row) => confidenceOf(row) },
        { key: "source", title: "Source" },
        { key: "jumps", title: "Also decides who is financed" },
      ],
      words: shown.length
        ? `${assumed} of the ${shown.length} most influential numbers are assumed: better sources for these would help most.`
        : "The influence of numbers was not looked at.",
    };
  },
});
