/* Where notes stand, as they are typed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { placeTyped, withMention } from "../../../static/js/report/notes/places.js";

test("a place is nothing, a second, or a stretch within the recording", () => {
  assert.deepEqual(placeTyped("", "", 20), { at_s: null, end_s: null });
  assert.deepEqual(placeTyped("0:05.5", "", 20), { at_s: 5.5, end_s: null });
  assert.deepEqual(placeTyped("5", "0:20.0", 19.96), { at_s: 5, end_s: 19.96 });
});

test("what cannot be a place is answered with a sentence", () => {
  for (const [at, end] of [["", "5"], ["soon", ""], ["0:25", ""], ["9", "8"]]) {
    assert.equal(typeof placeTyped(at, end, 20), "string", `${at} to ${end}`);
  }
});

test("a mention is set apart from the words around it", () => {
  assert.deepEqual(withMention("Ask", 3, "Sam Smith"), { text: "Ask @Sam Smith ", caret: 15 });
  assert.deepEqual(withMention("", 0, "Sam"), { text: "@Sam ", caret: 5 });
});
