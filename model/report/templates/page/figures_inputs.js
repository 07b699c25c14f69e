// What a scenario, or the second run, changes.

// Projects or awards that two runs decide differently.
function decided(table) {
  const list = rows(table, {});
  return {
    panels: [],
    rows: list,
    words: list.length ? "" : "None.",
    columns: [
      { key: "scenario", title: "Scenario" },
      { key: "name", title: "Facility" },
      { key: "change", title: "What changes" },
      { key: "a", title: "First run" },
      { key: "b", title: "Second run" },
    ],
  };
}

Object.assign(figures, {
  changed() {
    const list = here("changed_cells");
    return {
      panels: [],
      rows: list,
      words: list.length
        ? `${list.length} ${list.length === 1 ? "change" : "changes"}.`
        : "Nothing: the workbook as it stands.",
      columns: [
        { key: "sheet", title: "Sheet" },
        { key: "record", title: "Row" },
        { key: "column", title: "Column" },
        { key: "years", title: "Years" },
        { key: "old", title: "Before" },
        { key: "new", title: "After" },
      ],
    };
  },

  input_changes() {
    return {
      panels: [],
      rows: rows("input_changes", {}),
      words: "",
      columns: declared("input_changes"),
    };
  },

  mineral_changes() {
    return {
      panels: [],
      rows: rows("mineral_changes", {}),
      words: "",
      columns: [
        { key: "scenario", title: "Scenario" },
        { key: "mineral", title: "Mineral" },
        { key: "measure", title: "Measure" },
        { key: "a", title: "First run", unit: "share" },
        { key: "b", title: "Second run", unit: "share" },
        { key: "change", title: "Change", unit: "share", describe: (value) => signed(value, "share") },
      ],
    };
  },

  project_changes() {
    return decided("project_changes");
  },

  award_changes() {
    return decided("award_changes");
  },

  result_changes() {
    return {
      panels: [],
      rows: rows("result_changes", {}),
      words: "",
      columns: [
        { key: "scenario", title: "Scenario" },
        { key: "measure", title: "Measure" },
        { key: "unit", title: "Unit" },
        { key: "a", title: "First run", unit: "", describe: (value, row) => formatted(value, row.unit) },
        { key: "b", title: "Second run", unit: "", describe: (value, row) => formatted(value, row.unit) },
        { key: "change", title: "Change", unit: "", describe: (value, row) => signed(value, row.unit) },
      ],
    };
  },
});
