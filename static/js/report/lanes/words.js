/* What a lane says of a moment. Pure. */
import { percent } from "../../shared/format.js";

/**
 * What was read, in words: a label with its confidence at this second (never to be taken for a share), or why nothing
 * was.
 * @param {import("../../shared/lane.js").Interval | null} found
 * @param {{names: Map<string, string>, gapNames: Record<string, string>}} lane
 */
export function readingWords(found, { names, gapNames }) {
  if (!found) return "not measured";
  const [, , label, confidence] = found;
  if (label in gapNames) return `not read: ${gapNames[label]}`;
  const name = names.get(label) || label;
  return label === "unknown" ? name : `${name}, confidence ${percent(confidence)}`;
}

/**
 * The second at which the label changes next (`step` 1), or at which the stretch before this one begins (-1); null
 * where there is none.
 * @param {import("../../shared/lane.js").Interval[]} intervals
 */
export function changeFrom(intervals, timeS, step) {
  const starts = [];
  /** @type {string | null} */
  let label = null;
  let endS = -Infinity;
  for (const [startS, end, name] of intervals) {
    if (name !== label || startS - endS > 0.05) starts.push(startS);
    label = name;
    endS = end;
  }
  if (step > 0) return starts.find((startS) => startS > timeS + 0.01) ?? null;
  return starts.findLast((startS) => startS < timeS - 0.01) ?? null;
}
