// Elements of the page.

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
    const kind = `${column.unit === undefined ? "" : "number"}${column.isMarked ? " marked" : ""}${column.isChange ? " change" : ""}`;
    const cell = make("th", { scope: "col", class: kind, ...(column.hint ? { title: column.hint } : {}) }, column.title);
    if (column.unit && column.unit !== "year") cell.append(make("span", { class: "unit" }, column.unit));
    head.append(cell);
  }
  const body = make("tbody");
  for (const row of list) {
    const line = make("tr", options.isChosen && options.isChosen(row) ? { class: "chosen-row" } : {});
    columns.forEach((column, n) => {
      const value = row[column.key];
      const text = column.describe ? column.describe(value, row) : formatted(value, column.unit || "");
      const cell = make(n ? "td" : "th", n ? { class: column.unit === undefined ? "" : "number" } : { scope: "row" });
      cell.append(text);
      if (isNumber(value)) cell.dataset.value = value;
      if (column.isChange) cell.classList.add("change");
      if (column.isBad && column.isBad(row)) cell.classList.add("bad");
      if (column.paint) Object.assign(cell.style, column.paint(value) || {});
      line.append(cell);
    });
    body.append(line);
  }
  if (!list.length) body.append(make("tr", {}, make("td", { colspan: columns.length }, "nothing")));
  table.append(make("thead", {}, head), body);
  return table;
}
