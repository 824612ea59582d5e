/* The evidence of every metric. A long recording has thousands of items, so the list is written when it is opened. */
import { clock } from "../shared/format.js";
import { capitalised } from "../shared/text.js";

/**
 * A click, or Enter, on an item plays its seconds and frames them on the lanes. `initial`: the metrics as the page's
 * data has them, each with its `evidence`.
 * @param {{stretch: any, initial: any[]}} options
 */
export function createEvidence({ stretch, initial }) {
  const root = document.getElementById("evidence");
  let metrics = initial;
  let isWritten = false;

  /** Writes the list if it is not there yet. */
  function open() {
    if (!isWritten) for (const metric of metrics) writeGroup(metric);
    isWritten = true;
  }

  root.addEventListener("click", (event) => {
    const item = event.target.closest("[data-start]");
    if (!item) return;
    showCurrent(root, item);
    stretch.play(Number(item.dataset.start), Number(item.dataset.end));
  });

  return {
    open,
    /** What the metrics are counted from now. */
    set(changed) {
      metrics = changed;
      for (const metric of metrics) writeCount(metric);
      const total = metrics.reduce((sum, metric) => sum + metric.evidence.length, 0);
      document.querySelector("[data-evidence-total]").textContent = String(total);
      if (isWritten) for (const metric of metrics) writeGroup(metric);
    },
    /** `[startS, endS]` of every item, in order of time. */
    get spans() {
      const items = metrics.flatMap((metric) => metric.evidence);
      return items.map(({ start_s: startS, end_s: endS }) => [startS, endS]).sort((one, other) => one[0] - other[0]);
    },
    /** The item that begins at `startS`, marked as the one that is played. */
    mark(startS) {
      open();
      showCurrent(root, root.querySelector(`.evidence-item[data-start="${startS}"]`));
    },
  };
}

const groupOf = (metric) => document.querySelector(`[data-evidence="${metric.key}"]`);

function writeCount(metric) {
  const group = groupOf(metric);
  group.querySelector("[data-evidence-count]").textContent = metric.evidence.length;
  const none = group.querySelector("[data-evidence-none]");
  none.hidden = metric.evidence.length > 0;
  none.textContent = metric.value === null ? capitalised(metric.reason) : "Nothing of this kind was found.";
}

function writeGroup(metric) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("evidence-template"));
  groupOf(metric)
    .querySelector("ul")
    .replaceChildren(
      ...metric.evidence.map((item) => {
        const line = document.importNode(template.content, true);
        const button = line.querySelector("button");
        button.dataset.start = item.start_s;
        button.dataset.end = item.end_s;
        button.querySelector(".evidence-time").textContent = `${clock(item.start_s)}–${clock(item.end_s)}`;
        button.querySelector("[data-text]").textContent = item.text;
        line.querySelector("[data-spans]").replaceChildren(...item.spans.map(spanButton));
        return line;
      }),
    );
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

function showCurrent(root, item) {
  for (const other of root.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
  item?.setAttribute("aria-current", "true");
}
