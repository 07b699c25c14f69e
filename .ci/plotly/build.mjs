// Writes model/report/templates/plotly.min.js: Plotly with the four kinds of traces that the page draws, a quarter of
// the size of the whole. Run `npm install && npm run build` here after a change of versions.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { build } from "esbuild";

const require = createRequire(import.meta.url);
const { default: inlineCss = require("esbuild-plugin-inline-css") } = require("esbuild-plugin-inline-css");
const version = JSON.parse(readFileSync("node_modules/plotly.js/package.json")).version;
const kinds = ["bar", "heatmap", "sankey"];

const banner = `/*!
 * plotly.js v${version} with the traces scatter, ${kinds.join(", ")}
 * Copyright 2012-2026, Plotly, Inc. All rights reserved. Licensed under the MIT license.
 * It holds parts of d3, Copyright Mike Bostock, under the BSD 3-Clause and ISC licenses; others are named at the end.
 */`;
const result = await build({
  stdin: {
    contents: `const Plotly = require("plotly.js/lib/core");
Plotly.register([${kinds.map((kind) => `require("plotly.js/lib/${kind}")`).join(", ")}]);
module.exports = Plotly;`,
    resolveDir: ".",
  },
  format: "iife",
  globalName: "Plotly",
  bundle: true,
  minify: true,
  legalComments: "eof",
  plugins: [inlineCss()],
  alias: { stream: "stream-browserify" },
  define: { global: "window", "define.amd": "false", "process.env.NODE_DEBUG": "false" },
  target: "es2020",
  banner: { js: banner },
  write: false,
});
writeFileSync("../../model/report/templates/plotly.min.js", result.outputFiles[0].text);
