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
 * The intervals of a lane and the gaps that it draws, in order of time; the label of a gap is its reason.
 * @param {Interval[]} intervals in order of time
 * @param {[startS: number, endS: number, reason: string][]} gaps in order of time, not over any interval
 * @param {Set<string>} reasons those that are drawn
 * @returns {Interval[]}
 */
export function withGaps(intervals, gaps, reasons) {
  const drawn = gaps
    .filter(([, , reason]) => reasons.has(reason))
    .map(([startS, endS, reason]) => [startS, endS, reason, 0]);
  return /** @type {Interval[]} */ ([...intervals, ...drawn]).sort((one, other) => one[0] - other[0]);
}

/**
 * The label that takes most of each pixel column, "" where most of it was not observed.
 * @param {Interval[]} intervals in order of time
 * @param {number} durationS
 * @param {number} columns
 * @returns {string[]} one label a column
 */
export function binned(intervals, durationS, columns) {
  const labels = new Array(columns).fill("");
  if (!(durationS > 0)) return labels;
  const columnS = durationS / columns;
  const seconds = Array.from({ length: columns }, () => new Map());
  for (const [startS, endS, label] of intervals) {
    const first = Math.max(0, Math.floor(startS / columnS));
    const last = Math.min(columns - 1, Math.ceil(endS / columnS) - 1);
    for (let column = first; column <= last; column += 1) {
      const overlap = Math.min(endS, (column + 1) * columnS) - Math.max(startS, column * columnS);
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
 * Paints a lane over a canvas that spans `durationS`.
 * @param {HTMLCanvasElement} canvas
 * @param {Lane} lane
 * @param {number} durationS
 * @param {boolean} withPatterns
 */
export function drawLane(canvas, lane, durationS, withPatterns) {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (!width) return;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(ratio, ratio);
  const fills = new Map();
  const fill = (tone) => {
    if (!fills.has(tone)) fills.set(tone, fillOf(context, tone, withPatterns));
    return fills.get(tone);
  };
  const labels = binned(lane.intervals, durationS, width);
  let from = 0;
  for (let column = 1; column <= width; column += 1) {
    if (column < width && labels[column] === labels[from]) continue;
    context.fillStyle = fill(lane.tones.get(labels[from]) || "unmeasured");
    context.fillRect(from, 0, column - from, height);
    from = column;
  }
}
