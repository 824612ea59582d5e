/* What a walk asks for and says. */
import assert from "node:assert/strict";
import test from "node:test";

import { partQuery, walkWords } from "../../../static/js/report/walk_words.js";

test("a walk asks for the part of the recording that a number is of", () => {
  assert.equal(partQuery("2.000,9.500"), "?from_s=2.000&to_s=9.500");
  assert.equal(partQuery(undefined), "");
});

test("a walk says how many stretches there are, and when only the longest are walked", () => {
  assert.equal(walkWords({ count: 0, seconds: 0, stretches: [] }), "nothing of it");
  assert.equal(walkWords({ count: 1, seconds: 2, stretches: [[]] }), "1 stretch, 2.0\u00a0s");
  assert.equal(walkWords({ count: 3, seconds: 2, stretches: [[]] }), "3 stretches, 2.0\u00a0s; the 1 longest");
});
