import assert from "node:assert/strict";
import { test } from "node:test";

import { bytes, parseClock, stopwatch, wait } from "../../../static/js/shared/format.js";

test("times are read as people write them", () => {
  const written = { "1:15.2": 75.2, 75.2: 75.2, "0:01:15": 75, " 1:05,5 ": 65.5, soon: null, "1:2:3:4": null };
  for (const [text, seconds] of Object.entries(written)) assert.equal(parseClock(text), seconds, text);
});

test("a stopwatch counts whole seconds, and hours from the first on", () => {
  assert.equal(stopwatch(-0.4), "0:00");
  assert.equal(stopwatch(75.9), "1:15");
  assert.equal(stopwatch(3675), "1:01:15");
});

test("a size has one decimal from a kilobyte on", () => {
  assert.equal(bytes(1023), "1023 bytes");
  assert.equal(bytes(1536), "1.5 KB");
  assert.equal(bytes(5 * 1024 ** 3), "5.0 GB");
});

test("a wait is told as coarsely as it is known", () => {
  const told = { 3: "a few seconds", 41: "about 45 seconds", 70: "about a minute", 250: "about 4 minutes" };
  for (const [seconds, words] of Object.entries(told)) assert.equal(wait(Number(seconds)), words);
  assert.equal(wait(3600), "about an hour");
  assert.equal(wait(5400), "about 1.5 hours");
});
