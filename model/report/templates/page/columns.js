// Columns of tables as the dictionary states them, and what an identifier in a cell stands for.

// A table as it is, all scenarios, the chosen one marked.
const asWritten = (name) => ({
  panels: [],
  rows: rows(name, {}),
  words: "",
  isChosen: (row) => row.scenario === chosen.scenario,
  columns: [{ key: "scenario", title: "Scenario", describe: title }, ...declared(name)],
});

// The columns of a table as the dictionary states them.
const declared = (name) =>
  (page.columns[name] || []).map(([key, unit, numeric]) => {
    const words = key.replaceAll("_", " ");
    if (!numeric) return { key, title: words, describe: (value) => wordOf(key, value) };
    const own = unit || (key.endsWith("year") ? "year" : "");
    return { key, title: words, unit: own, describe: (value, row) => formatted(value, own || row.unit) };
  });

// What an identifier in a column stands for.
const sheetOf = {
  facility: "facilities",
  mineral: "minerals",
  stage: "stages",
  material: "materials",
  shock: "scenarios",
};

// Facilities separated by commas.
const namesOf = (value) =>
  value
    .split(", ")
    .map((key) => nameOf("facilities", key))
    .join(", ");

function wordOf(key, value) {
  if (key === "tied_with") return namesOf(value);
  if (sheetOf[key]) return nameOf(sheetOf[key], value);
  if (key === "pathway" || key === "provenance") return label(value);
  if (key === "name" || key === "measure_name") return partName(value);
  return key === "measure" ? measureWords(value) : value;
}

// A measure may name a facility or a shock after a blank.
const measureWords = (measure) =>
  measure
    .split(" ")
    .map((word) => nameOf("facilities", nameOf("scenarios", word)).replaceAll("_", " "))
    .join(" ");

function pick(what, key, words, isPossible, about = words) {
  if (!isPossible) return words;
  const button = make("button", { type: "button", class: "pick", title: about, "aria-pressed": String(chosen[what] === key) }, words);
  button.addEventListener("click", () => {
    document.getElementById(what).value = key;
    choose();
  });
  return button;
}
