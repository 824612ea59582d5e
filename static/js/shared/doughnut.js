/* A doughnut of shares (Chart.js). It is a picture for the eye: the numbers stand in a table beside it. */
import { fillOf } from "./patterns.js";
import { onColoursChanged, token } from "./tokens.js";

const HOLE = "52%";
const NOTHING = [{ name: "", tone: "unmeasured", share: 1 }];

/** @typedef {{name: string, tone: string, share: number}} Slice `share` is 0..1 of the observed time. */

/**
 * Draws into `canvas` while it is not hidden.
 * @param {HTMLCanvasElement} canvas
 * @param {{hasTooltips?: boolean}} [options]
 */
export function createDoughnut(canvas, { hasTooltips = false } = {}) {
  /** @type {any} made when it is first seen: Chart.js measures what it draws on */
  let chart = null;
  /** @type {Slice[]} */
  let slices = [];
  let withPatterns = false;

  function create() {
    const label = (item) => ` ${item.label} ${item.parsed.toFixed(1)} %`;
    return new window.Chart(canvas, {
      type: "doughnut",
      data: { labels: [], datasets: [{ data: [] }] },
      options: {
        animation: false,
        responsive: false,
        cutout: HOLE,
        plugins: { legend: { display: false }, tooltip: { enabled: hasTooltips, callbacks: { label } } },
        ...(hasTooltips ? {} : { events: [] }),
      },
    });
  }

  function paint() {
    if (canvas.hidden) return;
    chart ??= create();
    const measured = slices.filter(({ share }) => share > 0);
    const drawn = measured.length ? measured : NOTHING;
    chart.data.labels = drawn.map(({ name }) => name);
    Object.assign(chart.data.datasets[0], {
      data: drawn.map(({ share }) => share * 100),
      backgroundColor: drawn.map(({ tone }) => fillOf(chart.ctx, tone, withPatterns)),
      borderColor: token("paper"),
      borderWidth: drawn.length > 1 ? 1 : 0,
      hoverBorderColor: token("ink"),
    });
    chart.update("none");
  }

  onColoursChanged(paint);
  return {
    /** @param {Slice[]} changed */
    draw(changed) {
      slices = changed;
      paint();
    },
    /** @param {boolean} on */
    show(on) {
      canvas.hidden = !on;
      paint();
    },
    /** @param {boolean} on */
    setPatterns(on) {
      withPatterns = on;
      paint();
    },
  };
}
