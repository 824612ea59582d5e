import assert from "node:assert/strict";
import { test } from "node:test";

import { binned, intervalAt } from "../../../static/js/shared/lane.js";

test("a lane shows what takes most of each column, and a gap where nothing was seen", () => {
  const intervals = [
    [0, 1.4, "happy", 0.9],
    [1.4, 2, "sad", 0.8],
    [3.8, 4, "sad", 0.8],
  ];
  assert.deepEqual(binned(intervals, [0, 4], 4), ["happy", "sad", "", ""]);
  assert.deepEqual(binned([], [0, 0], 2), ["", ""]);
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

test("a lane that is zoomed in shows its own seconds", () => {
  const intervals = [
    [0, 5, "happy", 0.9],
    [5, 6, "sad", 0.8],
    [9, 12, "calm", 0.8],
  ];
  assert.deepEqual(binned(intervals, [4, 10], 6), ["happy", "sad", "", "", "", "calm"]);
});
