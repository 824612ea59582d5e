/* Where a note stands, as it is typed. */
import { clock, parseClock } from "../../shared/format.js";

/**
 * The fields of a note's place as seconds, or a sentence on what is wrong.
 * @param {string} at as typed; empty for a note on the whole interview
 * @param {string} end as typed; empty for a note at one second
 * @param {number} durationS of the recording
 * @returns {{at_s: number | null, end_s: number | null} | string}
 */
export function placeTyped(at, end, durationS) {
  if (!at.trim()) return end.trim() ? "Enter where the stretch begins." : { at_s: null, end_s: null };
  const atS = parseClock(at);
  const endS = end.trim() ? parseClock(end) : null;
  if (atS === null || (end.trim() && endS === null)) return "Write times as minutes:seconds, such as 1:05.5.";
  // What is typed has tenths: the last of them may lie just behind the recording's end.
  const lastS = Math.floor(durationS * 1000) / 1000;
  if (Math.max(atS, endS ?? 0) > durationS + 0.1) return `The recording ends at ${clock(durationS)}.`;
  if (endS !== null && Math.min(endS, lastS) <= atS) return "The stretch ends before it begins.";
  return { at_s: Math.min(atS, lastS), end_s: endS === null ? null : Math.min(endS, lastS) };
}

/**
 * Text with a mention put in at the caret, set apart by spaces.
 * @param {string} text
 * @param {number} caret
 * @param {string} name
 * @returns {{text: string, caret: number}}
 */
export function withMention(text, caret, name) {
  const before = text.slice(0, caret);
  const mention = `${before && !/\s$/.test(before) ? " " : ""}@${name} `;
  return { text: before + mention + text.slice(caret), caret: caret + mention.length };
}
