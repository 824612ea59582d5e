/* The metrics table: the server writes it first, a changed question mark rewrites it. */
import { fraction, percent } from "../shared/format.js";
import { capitalised } from "../shared/text.js";

/** Writes the values of `metrics` (as the page's data has them) into the table, and marks what changed. */
export function writeMetrics(metrics) {
  for (const metric of metrics) {
    const row = document.querySelector(`[data-metric="${metric.key}"]`);
    const set = (hook, text) => {
      const cell = row.querySelector(`[${hook}]`);
      if (cell.textContent === text) return;
      cell.textContent = text;
      flash(cell);
    };
    set("data-metric-value", fraction(metric.value));
    set("data-metric-reason", capitalised(metric.reason));
    set("data-metric-coverage", percent(metric.coverage));
    set("data-evidence-count", String(metric.evidence.length));
    const bar = row.querySelector("[data-metric-bar]");
    bar.classList.toggle("is-missing", metric.value === null);
    bar.firstElementChild.setAttribute("width", `${(metric.value ?? 0) * 100}%`);
  }
}

function flash(cell) {
  cell.classList.remove("is-changed");
  void cell.offsetWidth; // so that the same animation starts again
  cell.classList.add("is-changed");
}
