// The rules for the script of report.html; .ci/run applies them to its modules joined, as they stand in the page.
const browser = { document: "readonly", window: "readonly", CSS: "readonly", URL: "readonly", Blob: "readonly", Plotly: "readonly" };

export default [
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "script", globals: browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      "consistent-return": "error",
      eqeqeq: "error",
      "no-dupe-keys": "error",
      "no-eval": "error",
      "no-implicit-globals": "error",
      "no-redeclare": "error",
      "no-restricted-properties": ["error", { property: "innerHTML", message: "text of a workbook must stay text" }],
      "no-undef": "error",
      "no-unreachable": "error",
      "no-unused-vars": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
];
