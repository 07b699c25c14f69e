// What a scenario, or the second run, changes.

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

  result_changes() {
    return {
      panels: [],
      rows: rows("result_changes", {}),
      words: "",
      columns: [
        { key: "scenario", title: "Scenario" },
        { key: "measure", title: "Measure" },
        { key: "unit", title: "Unit" },
        { key: "a", title: "First run", unit: "", tell: (value, row) => told(value, row.unit) },
        { key: "b", title: "Second run", unit: "", tell: (value, row) => told(value, row.unit) },
        { key: "change", title: "Change", unit: "", tell: (value, row) => signed(value, row.unit) },
      ],
    };
  },
});
