// Every figure can be saved as a picture, and its numbers as CSV.

const fileName = (parts, ending) =>
  `${parts
    .join("_")
    .replace(/[^\w.-]+/g, "_")
    .slice(0, 120)}.${ending}`;

function saveFile(name, blob) {
  const address = URL.createObjectURL(blob);
  make("a", { href: address, download: name }).click();
  window.setTimeout(() => URL.revokeObjectURL(address), 1000);
}

const dataOf = (address) => {
  const [head, body] = [address.slice(0, address.indexOf(",")), address.slice(address.indexOf(",") + 1)];
  const text = head.includes("base64") ? window.atob(body) : decodeURIComponent(body);
  return new Blob([Uint8Array.from(text, (letter) => letter.charCodeAt(0))], { type: head.slice(5).split(";")[0] });
};

// A picture of a panel, with what stands around it on the page: title, key, scenario, mineral and year.
async function savePicture(name, panel, format) {
  const keys = panel.traces.filter(isInKey);
  const size = { width: 1000, height: panel.layout.height + 90 + (panel.hasKey ? 30 * Math.ceil(keys.length / 5) : 0) };
  const subtitle = [words.scenario(), words.base(), words.mineral(), words.year()].filter((text) => text).join(", ");
  const figure = {
    data: panel.traces,
    layout: {
      ...panel.layout,
      ...size,
      title: { text: plain(panel.title), subtitle: { text: plain(subtitle) }, x: 0.01, xanchor: "left", font: { size: 16 } },
      margin: { l: 12, r: 12, t: 70, b: 12 },
      showlegend: panel.hasKey === true,
      legend: { orientation: "h", y: -0.12, yanchor: "top" },
    },
  };
  const text = await Plotly.toImage(figure, { format, ...size, scale: format === "png" ? 2 : 1 });
  const blob = format === "svg" ? new Blob([svgOf(text)], { type: "image/svg+xml" }) : dataOf(text);
  saveFile(fileName([name, chosen.scenario, chosen.mineral, chosen.year], format), blob);
}

const svgOf = (address) => decodeURIComponent(address.slice(address.indexOf(",") + 1));

// The numbers of a table, unrounded; what a spreadsheet would run as a formula begins with an apostrophe.
function csvOf(found) {
  const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const safe = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  const written = (column, row) => {
    const value = row[column.key];
    if (isNumber(value)) return String(value);
    const element = column.describe ? column.describe(value, row) : value;
    return safe(String(element?.textContent ?? element ?? ""));
  };
  const heads = found.columns.map(({ title: words, unit }) => (unit && unit !== "year" ? `${words} [${unit}]` : words));
  const lines = [heads.map(safe), ...found.rows.map((row) => found.columns.map((column) => written(column, row)))];
  return `${lines.map((line) => line.map(quoted).join(",")).join("\r\n")}\r\n`;
}

const saveNumbers = (name, found) =>
  saveFile(
    fileName([name, chosen.scenario, chosen.mineral, chosen.year], "csv"),
    new Blob(["\ufeff", csvOf(found)], { type: "text/csv" }),
  );

function saveButton(text, about, save) {
  const button = make("button", { type: "button", class: "save", "aria-label": `Save ${about} as ${text}` }, text);
  button.addEventListener("click", save);
  return button;
}

const pictureButtons = (name, panel) =>
  ["png", "svg"].map((format) =>
    saveButton(format.toUpperCase(), panel.title, () => savePicture(name, panel, format)),
  );
