import assert from "node:assert/strict";
import { test } from "node:test";

import { FramePacer } from "../../../../static/js/room/media/pacing.js";

const LIMITS = { max_in_flight: 2, min_fps: 2, max_fps: 15 };

/** Frames per second, and the most under way at once, over some seconds of a simulated network. */
function paced({ roundTripMs, analysed = true, wanted = 15, seconds = 20 }) {
  const pacer = new FramePacer(LIMITS);
  pacer.wanted = wanted;
  let [sent, most] = [0, 0];
  const answers = [];
  for (let now = 0; now < seconds * 1000; now += 5) {
    while (answers.length && answers[0].at <= now) pacer.acknowledged(answers.shift().sequence, analysed, now);
    if (pacer.waitMs(now) > 0) continue;
    pacer.sent(sent, now);
    answers.push({ sequence: sent, at: now + roundTripMs });
    sent += 1;
    most = Math.max(most, pacer.inFlight.size);
  }
  return { fps: sent / seconds, most };
}

function assertNear(actual, expected, tolerance) {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
}

test("frames come as often as round trips allow, and never more than two are under way", () => {
  for (const [roundTripMs, fps] of [[20, 15], [150, 12], [500, 3.6], [3000, 0.7]]) {
    const found = paced({ roundTripMs });
    assertNear(found.fps, fps, 0.15 * fps);
    assert.ok(found.most <= 2);
  }
});

test("frames thin out while the server drops them", () => {
  assertNear(paced({ roundTripMs: 20, analysed: false }).fps, 15, 1.5);
  assert.ok(paced({ roundTripMs: 150, analysed: false }).fps < 4);
});

test("no more frames are sent than the server asks for", () => {
  for (const wanted of [0, 2, 5]) assertNear(paced({ roundTripMs: 20, wanted, seconds: 10 }).fps, wanted, 0.2);
});
