/* One lane: what was read, over time, as strips of colour. */
import { fillOf } from "./patterns.js";

/** @typedef {[startS: number, endS: number, label: string, confidence: number]} Interval */
/** @typedef {{intervals: Interval[], tones: Map<string, string>}} Lane `tones` by label. */

/** The tones of the gaps that a lane draws, by their reason. */
export const GAP_TONES = new Map([
  ["other_person", "other-person"],
  ["speaker_unknown", "speaker-unknown"],
]);

/**
 * The label that takes most of each pixel column, "" where most of it was not observed.
 * @param {Interval[]} intervals in order of time
 * @param {[fromS: number, toS: number]} view the seconds that the columns span
 * @param {number} columns
 * @returns {string[]} one label a column
 */
export function binned(intervals, [fromS, toS], columns) {
  const labels = new Array(columns).fill("");
  if (!(toS > fromS)) return labels;
  const columnS = (toS - fromS) / columns;
  const seconds = Array.from({ length: columns }, () => new Map());
  for (const [startS, endS, label] of intervals) {
    const first = Math.max(0, Math.floor((startS - fromS) / columnS));
    const last = Math.min(columns - 1, Math.ceil((endS - fromS) / columnS) - 1);
    for (let column = first; column <= last; column += 1) {
      const columnAtS = fromS + column * columnS;
      const overlap = Math.min(endS, columnAtS + columnS) - Math.max(startS, columnAtS);
      seconds[column].set(label, (seconds[column].get(label) || 0) + overlap);
    }
  }
  seconds.forEach((byLabel, column) => {
    let observed = 0;
    let longest = 0;
    for (const [label, length] of byLabel) {
      observed += length;
      if (length > longest) {
        longest = length;
        labels[column] = label;
      }
    }
    if (observed < columnS / 2) labels[column] = "";
  });
  return labels;
}

/**
 * The interval that holds `timeS`, or null: binary search, there may be a hundred thousand of them.
 * @param {Interval[]} intervals in order of time
 * @param {number} timeS
 */
export function intervalAt(intervals, timeS) {
  let low = 0;
  let high = intervals.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (timeS < intervals[middle][0]) high = middle - 1;
    else if (timeS >= intervals[middle][1]) low = middle + 1;
    else return intervals[middle];
  }
  return null;
}

/**
 * A blank canvas in the resolution of the screen, to draw on in CSS pixels; null while it is not shown.
 * @param {HTMLCanvasElement} canvas
 */
export function blank(canvas) {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (!width) return null;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(ratio, ratio);
  return { context, width, height };
}

/**
 * Paints a lane over a canvas that spans the seconds of `view`.
 * @param {HTMLCanvasElement} canvas
 * @param {Lane} lane
 * @param {[fromS: number, toS: number]} view
 * @param {boolean} withPatterns
 */
export function drawLane(canvas, lane, view, withPatterns) {
  const sheet = blank(canvas);
  if (!sheet) return;
  const { context, width, height } = sheet;
  const fills = new Map();
  const fill = (tone) => {
    if (!fills.has(tone)) fills.set(tone, fillOf(context, tone, withPatterns));
    return fills.get(tone);
  };
  const labels = binned(lane.intervals, view, width);
  let from = 0;
  for (let column = 1; column <= width; column += 1) {
    if (column < width && labels[column] === labels[from]) continue;
    context.fillStyle = fill(lane.tones.get(labels[from]) || "unmeasured");
    context.fillRect(from, 0, column - from, height);
    from = column;
  }
}
