/* What the transcript's parts compute from its sentences; nothing here touches the page. */
import { clock, percent } from "../../shared/format.js";

const ON_TIME_S = 0.05; // a player sought to a sentence's start may stand a hair before it
const WEAK_BELOW = 0.5;
const QUOTES = /['’‘]/g;

/** The last of `starts` (seconds, in order) that has come at `timeS`: its index, -1 before the first. */
export function indexAt(starts, timeS) {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= timeS + ON_TIME_S) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The notes beside each sentence, by its id: those at a second of it, or in the pause after it, and those whose stretch
 * reaches into it. What comes before the first sentence stands beside that one.
 * @param {{id: string, start_s: number, end_s: number}[]} sentences in order
 * @param {{at_s: number, end_s: number | null}[]} notes in order
 * @returns {Map<string, any[]>}
 */
export function notesBySentence(sentences, notes) {
  const starts = sentences.map(({ start_s: startS }) => startS);
  /** @type {Map<string, any[]>} */
  const beside = new Map();
  if (!sentences.length) return beside;
  for (const note of notes) {
    const first = Math.max(0, indexAt(starts, note.at_s));
    const last = Math.max(first, indexAt(starts, note.end_s ?? note.at_s));
    for (const [number, { id, start_s: startS }] of sentences.slice(first, last + 1).entries()) {
      if (number && startS >= (note.end_s ?? note.at_s)) break; // the stretch ends where this sentence begins
      beside.set(id, [...(beside.get(id) ?? []), note]);
    }
  }
  return beside;
}

/** What stands for a sentence in plain text. */
export function spoken({ text, reason }) {
  return text || `[not readable${reason ? `: ${reason}` : ""}]`;
}

/** The whole transcript as text, a line for each sentence. */
export function asText(sentences) {
  return sentences.map((sentence) => `${clock(sentence.start_s)}  ${spoken(sentence)}`).join("\n");
}

/* What finds `query` whatever its case, its spaces and the kind of its apostrophes; null for an empty one. */
function patternOf(query) {
  const words = query.trim().split(/\s+/u).filter(Boolean);
  if (!words.length) return null;
  const escaped = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/gu, "\\$&").replace(QUOTES, "['’‘]"));
  return new RegExp(escaped.join("\\s+"), "giu");
}

/** `text` cut at every hit of `query`: [["before", false], ["hit", true], …]. */
export function cutAt(text, query) {
  const pattern = patternOf(query);
  const parts = [];
  let from = 0;
  for (const hit of pattern ? text.matchAll(pattern) : []) {
    if (hit.index > from) parts.push([text.slice(from, hit.index), false]);
    parts.push([hit[0], true]);
    from = hit.index + hit[0].length;
  }
  if (from < text.length) parts.push([text.slice(from), false]);
  return parts;
}

/** What was read of `what` ("voice", "face") during a sentence, in words; `reading` null where nothing was observed. */
export function readingWords(what, reading) {
  if (!reading) return { label: `${what} not measured`, detail: "", isWeak: false };
  const { label, confidence, coverage } = reading;
  const isWeak = confidence < WEAK_BELOW || coverage < WEAK_BELOW;
  return {
    label: `${what} ${label}${isWeak ? " ?" : ""}`,
    detail: `confidence ${percent(confidence)}, coverage ${percent(coverage)}`,
    isWeak,
  };
}

/** How many questions were heard, as a sentence. */
export function offersWords(count) {
  if (count === 1) return "1 question was heard that is not marked.";
  return `${count} questions were heard that are not marked.`;
}
