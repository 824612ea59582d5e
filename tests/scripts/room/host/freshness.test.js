import assert from "node:assert/strict";
import { test } from "node:test";

import { LatestReadings } from "../../../../static/js/room/host/freshness.js";

const message = (capturedMs, label) => ({ captured_ms: capturedMs, modalities: { eye_gaze: { label } } });

function after(messages, nowMs) {
  const latest = new LatestReadings(2000);
  for (const one of messages) latest.take(one);
  return { fresh: latest.fresh("eye_gaze", nowMs)?.label ?? null, age: latest.ageMs(nowMs) };
}

test("nothing older than the limit is shown", () => {
  assert.deepEqual(after([message(10_000, "center")], 11_990), { fresh: "center", age: 1_990 });
  assert.deepEqual(after([message(10_000, "center")], 12_001), { fresh: null, age: null });
  assert.deepEqual(after([], 12_001), { fresh: null, age: null });
});

test("a reading that was overtaken is left out", () => {
  assert.equal(after([message(10_000, "center"), message(9_500, "top_left")], 10_100).fresh, "center");
});

test("a clock that runs ahead makes no negative age", () => {
  assert.equal(after([message(10_000, "center")], 9_990).age, 0);
});
