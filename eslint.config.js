import js from "@eslint/js";
import globals from "globals";

const strict = {
  eqeqeq: "error", "no-implicit-globals": "error", "no-var": "error", "prefer-const": "error", "no-eval": "error",
  "no-implied-eval": "error", "no-new-func": "error", "no-shadow": "error", "no-unused-vars": ["error", { args: "after-used" }],
};

export default [
  { ignores: ["app/static/vendor/**", "node_modules/**", ".venv/**", "var/**"] },
  js.configs.recommended,
  { files: ["app/static/js/**/*.js"], languageOptions: { ecmaVersion: 2021, globals: globals.browser }, rules: strict },
  { files: ["service-worker.js"], languageOptions: { ecmaVersion: 2021, globals: globals.serviceworker }, rules: strict },
  { files: ["tests/js/**/*.js", "tests/**/*.mjs", "app/vendor.mjs", "eslint.config.js"],
    languageOptions: { globals: globals.node }, rules: strict },
];
