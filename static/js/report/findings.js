/* The metrics table and the evidence list: the server writes them first, a changed question mark rewrites them. */
import { clock, fraction, percent } from "../shared/format.js";
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

/** Rewrites the evidence of every metric from the template that the server wrote its items with. */
export function writeEvidence(metrics) {
  const template = document.getElementById("evidence-template");
  for (const metric of metrics) {
    const group = document.querySelector(`[data-evidence="${metric.key}"]`);
    group.querySelector("ul").replaceChildren(
      ...metric.evidence.map((item) => {
        const line = template.content.firstElementChild.cloneNode(true);
        const button = line.querySelector("button");
        button.dataset.start = item.start_s;
        button.dataset.end = item.end_s;
        button.querySelector(".evidence-time").textContent = `${clock(item.start_s)}–${clock(item.end_s)}`;
        button.querySelector("[data-text]").textContent = item.text;
        line.querySelector("[data-spans]").replaceChildren(...item.spans.map(spanButton));
        return line;
      }),
    );
    group.querySelector("[data-evidence-count]").textContent = metric.evidence.length;
    const none = group.querySelector("[data-evidence-none]");
    none.hidden = metric.evidence.length > 0;
    none.textContent = metric.value === null ? capitalised(metric.reason) : "Nothing of this kind was found.";
  }
  const total = metrics.reduce((sum, metric) => sum + metric.evidence.length, 0);
  document.querySelector("[data-evidence-total]").textContent = total;
}

/** One stretch of evidence that groups several. */
function spanButton([start, end]) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "evidence-span";
  button.dataset.start = start;
  button.dataset.end = end;
  button.textContent = clock(start);
  return button;
}

/** A click, or Enter, on an item of evidence plays its seconds and frames them on the lanes. */
export function bindEvidence(stretch) {
  const root = document.getElementById("evidence");
  root.addEventListener("click", (event) => {
    const item = event.target.closest("[data-start]");
    if (!item) return;
    showCurrent(root, item);
    stretch.play(Number(item.dataset.start), Number(item.dataset.end));
  });
  return {
    /** `[startS, endS]` of every item, in order of time. */
    items() {
      const items = [...root.querySelectorAll(".evidence-item")];
      const all = items.map(({ dataset: { start, end } }) => [Number(start), Number(end)]);
      return all.sort((one, other) => one[0] - other[0]);
    },
    /** The item that begins at `startS`, marked as the one that is played. */
    mark: (startS) => showCurrent(root, root.querySelector(`.evidence-item[data-start="${startS}"]`)),
  };
}

function showCurrent(root, item) {
  for (const other of root.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
  item?.setAttribute("aria-current", "true");
}
