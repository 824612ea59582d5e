import assert from "node:assert/strict";
import { test } from "node:test";

import { asText, cutAt, indexAt, notesBySentence, readingWords } from "../../../static/js/report/transcript/text.js";

const TEXT = "Why you don’t know, or why you ask what (if anything).";

test("the sentence of a moment is the last that has begun", () => {
  const starts = [1, 2, 7];
  assert.deepEqual([0, 1, 1.96, 2.5, 9].map((atS) => indexAt(starts, atS)), [-1, 0, 1, 1, 2]);
  assert.equal(indexAt([], 2.5), -1);
});

test("a note stands beside the sentences that it is about", () => {
  const sentences = [
    { id: "a", start_s: 1, end_s: 2 },
    { id: "b", start_s: 3, end_s: 5 },
    { id: "c", start_s: 6, end_s: 8 },
  ];
  const beside = (atS, endS = null) => [...notesBySentence(sentences, [{ at_s: atS, end_s: endS }]).keys()];
  assert.deepEqual([0.2, 1.5, 2.5, 3, 99].map((atS) => beside(atS)), [["a"], ["a"], ["a"], ["b"], ["c"]]);
  assert.deepEqual([beside(1.5, 4), beside(1.5, 3), beside(0, 99)], [["a", "b"], ["a"], ["a", "b", "c"]]);
  const notes = [{ at_s: 3.5, end_s: null }, { at_s: 4, end_s: 7 }];
  assert.deepEqual(notesBySentence(sentences, notes).get("b"), notes);
  assert.equal(notesBySentence([], notes).size, 0);
});

test("a search finds words whatever their case, spaces and apostrophes", () => {
  const expected = {
    WHY: ["Why", "why"],
    "don't": ["don’t"],
    "what  (if": ["what (if"],
    ".*": [],
    you: ["you", "you"],
  };
  for (const [query, hits] of Object.entries(expected)) {
    const found = cutAt(TEXT, query);
    assert.deepEqual(found.filter(([, isHit]) => isHit).map(([words]) => words), hits, query);
    assert.equal(found.map(([words]) => words).join(""), TEXT);
  }
});

test("a reading beside a sentence says when there is little to go on", () => {
  const words = (reading) => readingWords("voice", { label: "calm", ...reading });
  assert.equal(words({ confidence: 0.8, coverage: 0.9 }).label, "voice calm");
  assert.equal(words({ confidence: 0.8, coverage: 0.9 }).detail, "confidence 80\u00a0%, coverage 90\u00a0%");
  assert.equal(words({ confidence: 0.4, coverage: 0.9 }).label, "voice calm ?");
  assert.equal(words({ confidence: 0.8, coverage: 0.3 }).label, "voice calm ?");
  assert.equal(readingWords("face", null).label, "face not measured");
});

test("a copied transcript has a line for each sentence", () => {
  const sentences = [
    { start_s: 1.2, text: "Hello.", reason: "" },
    { start_s: 64, text: "", reason: "music" },
  ];
  assert.equal(asText(sentences), "0:01.2  Hello.\n1:04.0  [not readable: music]");
});
