/* A doughnut of shares (Chart.js). It is a picture for the eye: the numbers stand in a table beside it. */
import { percent } from "./format.js";
import { fillOf } from "./patterns.js";
import { onColoursChanged, token } from "./tokens.js";

const HOLE = "52%";
const NOTHING = [{ name: "", tone: "unmeasured", share: 1 }];

/** @typedef {{name: string, tone: string, share: number}} Slice `share` is 0..1 of the observed time. */

/**
 * Draws into `canvas` while it is not hidden. With `onChoose` a slice that is pointed at is named (in the canvas's
 * title, which no border clips), and a click chooses it.
 * @param {HTMLCanvasElement} canvas
 * @param {{onChoose?: ((slice: Slice) => void) | null}} [options]
 */
export function createDoughnut(canvas, { onChoose = null } = {}) {
  /** @type {any} made when it is first seen: Chart.js measures what it draws on */
  let chart = null;
  /** @type {Slice[]} */
  let slices = [];
  let withPatterns = false;

  const measured = () => slices.filter(({ share }) => share > 0);

  function onHover(event, found) {
    const slice = measured()[found[0]?.index];
    canvas.title = slice ? `${slice.name}: ${percent(slice.share)} of the time; click to see when` : "";
    canvas.style.cursor = slice ? "pointer" : "";
  }

  function onClick(event, found) {
    const slice = measured()[found[0]?.index];
    if (slice) onChoose?.(slice);
  }

  function create() {
    return new window.Chart(canvas, {
      type: "doughnut",
      data: { labels: [], datasets: [{ data: [] }] },
      options: {
        animation: false,
        responsive: false,
        cutout: HOLE,
        plugins: { legend: { display: false }, tooltip: { enabled: false } },
        ...(onChoose ? { onHover, onClick } : { events: [] }),
      },
    });
  }

  function paint() {
    if (canvas.hidden) return;
    chart ??= create();
    const drawn = measured().length ? measured() : NOTHING;
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
