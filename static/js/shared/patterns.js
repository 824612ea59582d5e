/* Fills for canvases: a tone's colour, its pattern on demand and on paper, the hatch of what was not measured. */
import { token } from "./tokens.js";

const SIZE = 8;

/* Each tone keeps its pattern everywhere, as it keeps its colour. Neutral stays plain. */
const STROKES = {
  anger: [[0, 8, 8, 0]],
  disgust: [[1.5, 2, 3, 2], [5.5, 6, 7, 6]],
  fear: [[0, 8, 8, 0], [0, 0, 8, 8]],
  happiness: [[4, 0, 4, 8]],
  sadness: [[0, 4, 8, 4]],
  surprise: [[4, 1, 4, 7], [1, 4, 7, 4]],
  calm: [[0, 0, 8, 8]],
  "gaze-away-1": [[0, 8, 8, 0]],
  "gaze-away-2": [[0, 4, 8, 4]],
  "gaze-away-3": [[4, 0, 4, 8]],
};

function tile(paint) {
  const ratio = window.devicePixelRatio || 1;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * ratio;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(ratio, ratio);
  paint(context);
  return { canvas, ratio };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {(tileContext: CanvasRenderingContext2D) => void} paint
 */
function patternOf(context, paint) {
  const { canvas, ratio } = tile(paint);
  const pattern = /** @type {CanvasPattern} */ (context.createPattern(canvas, "repeat"));
  pattern.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern;
}

/**
 * The diagonal hatch: never a gap, never zero.
 * @param {CanvasRenderingContext2D} context
 */
export function hatch(context) {
  return patternOf(context, (tileContext) => {
    tileContext.fillStyle = token("hatch-paper");
    tileContext.fillRect(0, 0, SIZE, SIZE);
    tileContext.strokeStyle = token("hatch");
    tileContext.lineWidth = 2;
    for (const shift of [-SIZE, 0, SIZE]) {
      tileContext.beginPath();
      tileContext.moveTo(shift, SIZE);
      tileContext.lineTo(shift + SIZE, 0);
      tileContext.stroke();
    }
  });
}

/** Gaps with a pattern of their own, on the paper of what was not measured: what is drawn, in a tile. */
const GAPS = {
  "other-person": (context) => {
    context.fillRect(1, 1, 3, 3);
    context.fillRect(5, 5, 3, 3);
  },
  "speaker-unknown": (context) => {
    context.fillRect(0, 1, SIZE, 1);
    context.fillRect(0, 5, SIZE, 1);
  },
};

/**
 * @param {CanvasRenderingContext2D} context
 * @param {(tileContext: CanvasRenderingContext2D) => void} paint
 */
function gapFill(context, paint) {
  return patternOf(context, (tileContext) => {
    tileContext.fillStyle = token("hatch-paper");
    tileContext.fillRect(0, 0, SIZE, SIZE);
    tileContext.fillStyle = token("ink-3");
    paint(tileContext);
  });
}

/**
 * The fill of a tone in a 2D context.
 * @param {CanvasRenderingContext2D} context
 * @param {string} tone
 * @param {boolean} withPatterns
 */
export function fillOf(context, tone, withPatterns) {
  if (tone === "unmeasured") return hatch(context);
  if (GAPS[tone]) return gapFill(context, GAPS[tone]);
  const colour = token(`tone-${tone}`);
  if (!withPatterns || !STROKES[tone]) return colour;
  return patternOf(context, (tileContext) => {
    tileContext.fillStyle = colour;
    tileContext.fillRect(0, 0, SIZE, SIZE);
    tileContext.strokeStyle = token("pattern-ink");
    tileContext.lineWidth = 1.2;
    for (const [fromX, fromY, toX, toY] of STROKES[tone]) {
      tileContext.beginPath();
      tileContext.moveTo(fromX, fromY);
      tileContext.lineTo(toX, toY);
      tileContext.stroke();
    }
  });
}
