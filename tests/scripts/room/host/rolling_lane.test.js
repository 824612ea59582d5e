import assert from "node:assert/strict";
import { test } from "node:test";

import { RollingLane } from "../../../../static/js/room/host/rolling_lane.js";

const read = (label, window = null) => ({ available: label !== null, label: label ?? "", window });

function intervals(readings, nowMs) {
  const lane = new RollingLane();
  for (const [capturedMs, reading] of readings) lane.add(capturedMs, reading);
  return lane.intervals(nowMs).map(([startS, endS, label]) => [startS, endS, label]);
}

test("a reading stands until the next one", () => {
  const readings = [
    [59_000, read("happy")],
    [59_400, read("sad")],
  ];
  assert.deepEqual(intervals(readings, 60_000), [
    [59, 59.4, "happy"],
    [59.4, 60, "sad"],
  ]);
});

test("a reading without a successor stands a second, and then nothing was measured", () => {
  assert.deepEqual(intervals([[50_000, read("happy")]], 60_000), [[50, 51, "happy"]]);
});

test("what could not be read is not covered", () => {
  const readings = [
    [58_000, read("happy")],
    [58_200, read(null)],
    [58_600, read("sad")],
  ];
  assert.deepEqual(intervals(readings, 59_000), [
    [59, 59.2, "happy"],
    [59.6, 60, "sad"],
  ]);
});

test("a window of speech covers what no earlier one did", () => {
  const readings = [
    [53_000, read("calm", [50_000, 53_000])],
    [54_500, read("sad", [51_500, 54_500])],
  ];
  assert.deepEqual(intervals(readings, 60_000), [
    [50, 53, "calm"],
    [53, 54.5, "sad"],
  ]);
});

test("the minute rolls, and late readings are left out", () => {
  const readings = [
    [1_000, read("happy")],
    [61_500, read("sad")],
    [60_000, read("angry")],
  ];
  assert.deepEqual(intervals(readings, 62_100), [[59.4, 60, "sad"]]);
});

test("the shares of the minute are told, the greatest first", () => {
  const lane = new RollingLane();
  lane.add(30_000, read("sad", [0, 15_000]));
  lane.add(60_000, read("calm", [15_000, 60_000]));
  assert.deepEqual(lane.shares(60_000), [
    ["calm", 0.75],
    ["sad", 0.25],
  ]);
});
