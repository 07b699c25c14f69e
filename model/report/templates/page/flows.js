// Where the nodes of a material flow stand, and which flows are drawn as one.

// Where the nodes of a material flow stand, from 0 to 1: each step in its column, those who ship before those who
// are shipped to, what comes from nowhere first, demand last; in a column the largest on top.
function places(list, nodes) {
  const material = (node) => node.split(" · ")[0];
  const ships = new Set(
    list
      .filter((row) => row.from_node !== row.to_node && material(row.from_node) === material(row.to_node))
      .map((row) => row.from_node),
  );
  const column = nodes.map((node) => {
    if (!node.includes(" · ")) return list.some((row) => row.from_node === node) ? -1 : Infinity;
    return 2 * (page.steps[material(node)] ?? 0) + (ships.has(node) ? 0 : 1);
  });
  const columns = [...new Set(column)].sort((a, b) => a - b);
  const through = (node) =>
    Math.max(
      sum(
        list.filter((row) => row.from_node === node),
        "t",
      ),
      sum(
        list.filter((row) => row.to_node === node),
        "t",
      ),
    );
  const y = nodes.map(() => 0);
  for (const each of columns) {
    const here = nodes
      .map((_, n) => n)
      .filter((n) => column[n] === each)
      .sort((a, b) => through(nodes[b]) - through(nodes[a]));
    const total = here.reduce((all, n) => all + through(nodes[n]), 0);
    let above = 0;
    here.forEach((n) => {
      const size = (0.5 * through(nodes[n])) / total + 0.5 / here.length;
      y[n] = Math.min(0.99, Math.max(0.01, above + size / 2));
      above += size;
    });
  }
  return { x: column.map((each) => 0.01 + (0.98 * columns.indexOf(each)) / Math.max(1, columns.length - 1)), y };
}

// Flows of small places, drawn as those of one place for each material.
function bundle(list) {
  const through = new Map();
  for (const row of list)
    for (const node of [row.from_node, row.to_node]) through.set(node, (through.get(node) || 0) + row.t);
  const least = Math.max(...through.values()) / 100;
  const drawn = (node) =>
    node.includes(" · ") && through.get(node) < least ? `${node.split(" · ")[0]} · others` : node;
  const found = new Map();
  for (const row of list) {
    const [from, to] = [drawn(row.from_node), drawn(row.to_node)];
    const key = JSON.stringify([from, to, row.provenance]);
    if (from === to) continue;
    if (!found.has(key)) found.set(key, { ...row, from_node: from, to_node: to, t: 0 });
    found.get(key).t += row.t;
  }
  return [...found.values()];
}
