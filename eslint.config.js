/* The rules of our scripts; `make lint` checks them. */
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: [".venv/", "static/vendor/", "tests/e2e/vendor/", "staticfiles/", "var/"] },
  js.configs.recommended,
  {
    files: ["static/js/**/*.js"],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ["tests/scripts/**/*.js", "eslint.config.js"],
    languageOptions: { globals: globals.node },
  },
  {
    files: ["static/js/room/media/pcm-worklet.js"],
    languageOptions: { globals: globals.audioWorklet },
  },
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "max-len": ["error", { code: 120, ignoreUrls: true }],
      "max-lines": ["error", 300],
      "no-console": ["error", { allow: ["warn"] }],
      "no-implicit-coercion": "error",
      "no-shadow": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
];
