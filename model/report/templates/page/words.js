// Words and numbers.

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

function formatted(value, unit = "") {
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
  const text = formatted(value, unit).replace(" %", " points");
  // What is less than half of the last digit formatted is no change, of either sign.
  if (!/[1-9]/.test(text)) return text.replace("-", "");
  return value > 0 ? `+${text}` : text;
}

const nameOf = (sheet, key) => (names[sheet] && names[sheet][key]) || key;
const label = (key) => labels[key] || key;
const title = (scenario) => page.titles[scenario] || scenario;
const short = (scenario) => page.short_titles[scenario] || scenario;
// Plotly reads a few tags in its texts: what comes from the workbook stays text.
const plain = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const unplain = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
// A name without what stands behind a comma, colon or in brackets, for labels.
const brief = (name) => name.replace(/\s*\(.*?\)/g, "").split(/[:,;]/)[0].trim() || name;
// On a phone labels leave the bars some room, and there is none for words beside them.
const isNarrow = () => window.innerWidth < 700;
const cutLabel = (text, most) => cut(text, isNarrow() ? Math.min(most, 25) : most);
const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

// Names that have become the same by being cut are still different bars: hair spaces describe them apart.
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

// A part of a plan: a stock as material/region, a contract as facility/offer, or a facility.
const partName = (key) =>
  key
    .split("/")
    .map((word) => nameOf("facilities", nameOf("materials", word)))
    .join(", ");

const against = (more) =>
  chosen.base === chosen.scenario
    ? ""
    : more === "0"
      ? `, the same as ${title(chosen.base)}`
      : `; ${more} against ${title(chosen.base)}`;
