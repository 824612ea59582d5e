import assert from "node:assert/strict";
import { test } from "node:test";

import { SampleClock, SoundQueue } from "../../../../static/js/room/media/sound_queue.js";

test("capture times do not follow late messages", () => {
  const clock = new SampleClock(16000);
  const late = [40, 5, 80, 0, 30];
  const times = late.map((ms, at) => clock.capturedMs(at * 1600, 1600, 5000 + (at + 1) * 100 + ms) - at * 100);
  assert.deepEqual(times, [5040, 5005, 5005, 5000, 5000]);
});

test("sound that finds no connection leaves a hole in the numbers, and the rest follows in portions", () => {
  let isConnected = false;
  const sent = [];
  const queue = new SoundQueue({ kept: 4, send: ({ sequence }) => isConnected && sent.push(sequence) > 0 });
  for (let at = 0; at < 6; at += 1) queue.add({});
  isConnected = true;
  queue.add({});
  assert.deepEqual(sent, [3, 4, 5]);
  queue.add({});
  assert.deepEqual(sent, [3, 4, 5, 6, 7]);
  assert.equal(queue.lost, 3);
});
