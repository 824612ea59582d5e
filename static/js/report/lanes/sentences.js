/* The lane of the transcript: a block a sentence, with its words where they fit. */
import { blank, intervalAt } from "../../shared/lane.js";
import { token } from "../../shared/tokens.js";
import { spoken } from "../transcript/text.js";

const WORDS_FROM_PX = 36;

/**
 * Draws `sentences` (with `start_s`, `end_s`, `text`) in `view`.
 * @param {HTMLCanvasElement} canvas
 */
export function drawSentences(canvas, sentences, [fromS, toS]) {
  const sheet = blank(canvas);
  if (!sheet) return;
  const { context, width, height } = sheet;
  const at = (second) => ((second - fromS) / (toS - fromS)) * width;
  context.font = `11px ${getComputedStyle(canvas).fontFamily}`;
  context.textBaseline = "middle";
  const [block, ink, paper] = [token("line"), token("ink"), token("paper-2")];
  context.fillStyle = paper;
  context.fillRect(0, 0, width, height);
  for (const sentence of sentences) {
    if (sentence.end_s < fromS) continue;
    if (sentence.start_s > toS) break;
    const left = at(sentence.start_s);
    const right = Math.max(left + 1, at(sentence.end_s) - 1);
    context.fillStyle = block;
    context.fillRect(left, 0, right - left, height);
    if (right - left < WORDS_FROM_PX) continue;
    context.save();
    context.beginPath();
    context.rect(left + 4, 0, right - left - 8, height);
    context.clip();
    context.fillStyle = ink;
    context.fillText(spoken(sentence), Math.max(left, 0) + 4, height / 2 + 0.5);
    context.restore();
  }
}

/** What is said at a moment. */
export function sentenceAt(sentences, timeS) {
  const spans = sentences.map((sentence) => [sentence.start_s, sentence.end_s, sentence, 0]);
  const found = /** @type {any} */ (intervalAt(/** @type {any} */ (spans), timeS));
  return found ? spoken(found[2]) : "nobody speaks";
}
