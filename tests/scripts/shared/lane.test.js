import assert from "node:assert/strict";
import { test } from "node:test";

import { binned, intervalAt, withGaps } from "../../../static/js/shared/lane.js";

test("a lane shows what takes most of each column, and a gap where nothing was seen", () => {
  const intervals = [
    [0, 1.4, "happy", 0.9],
    [1.4, 2, "sad", 0.8],
    [3.8, 4, "sad", 0.8],
  ];
  assert.deepEqual(binned(intervals, 4, 4), ["happy", "sad", "", ""]);
  assert.deepEqual(binned([], 0, 2), ["", ""]);
});

test("the reading at a moment is of the interval that holds it", () => {
  const intervals = [
    [0, 1, "happy", 0.9],
    [1, 2, "sad", 0.8],
    [3, 4, "calm", 0.7],
  ];
  assert.equal(intervalAt(intervals, 1)[2], "sad");
  assert.equal(intervalAt(intervals, 3.99)[2], "calm");
  assert.equal(intervalAt(intervals, 2.5), null);
  assert.equal(intervalAt(intervals, 4), null);
});

test("the speech of others and of nobody known is drawn between the intervals, other gaps are not", () => {
  const intervals = [
    [2, 3, "calm", 0.7],
    [6, 8, "sad", 0.6],
  ];
  const gaps = [
    [0, 2, "other_person"],
    [3, 5, "silence"],
    [5, 6, "speaker_unknown"],
  ];
  const drawn = withGaps(intervals, gaps, new Set(["other_person", "speaker_unknown"]));
  assert.deepEqual(binned(drawn, 8, 8), [
    "other_person",
    "other_person",
    "calm",
    "",
    "",
    "speaker_unknown",
    "sad",
    "sad",
  ]);
  assert.equal(intervalAt(drawn, 1)[2], "other_person");
});
