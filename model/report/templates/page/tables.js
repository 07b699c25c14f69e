// Draws the figures of the page with Plotly and the tables behind them, for the scenario, the scenario it is compared
// with, the mineral and the year the reader picks. All numbers come from the tables in the element #data.
//
// The tables of the page: columns of numbers, or of codes into a list of words; and what the reader has picked.

const page = JSON.parse(document.getElementById("data").textContent);
const { palette, names, labels, years, cost_terms: costTerms } = page;
// The base is the plan picked for comparison, or the scenario itself where their costs cannot be compared.
const chosen = { scenario: "", base: "", picked: "", mineral: "", year: 0, measure: "exposed_share" };
const areAlike = (one, other) => page.yardsticks[one] === page.yardsticks[other];
const pathways = Object.keys(palette.pathway);
const met = Object.keys(palette.met);
const all = "*";

// A column of words as one code for each row, also where it is written as runs (a code several times) or ramps (each
// code one more than the last), each as its first code and its length.
function expand(column) {
  const pieces = column.runs || column.ramps;
  if (!pieces) return column;
  const step = column.runs ? 0 : 1;
  const codes = [];
  for (let n = 0; n < pieces.length; n += 2)
    for (let k = 0; k < pieces[n + 1]; k += 1) codes.push(pieces[n] + step * k);
  return { words: column.words, codes };
}

class Table {
  constructor(raw) {
    this.columns = Object.fromEntries(Object.entries(raw.columns).map(([name, column]) => [name, expand(column)]));
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
// The tables that the figure being drawn has read: those that its entry in figures.py names.
let read = new Set();
const rows = (name, wanted) => {
  read.add(name);
  return tables[name] ? tables[name].where(wanted) : [];
};
const here = (name, more = {}) => rows(name, { scenario: chosen.scenario, ...more });

// Figure -> the function that makes its panels, its table, and what it says in words.
const figures = {};
