import assert from "node:assert/strict";
import { test } from "node:test";

import { createSeeking } from "../../../static/js/shared/seeking.js";

/** A media element whose seeks end when the test lets them; `begun` has the target of each. */
class Media extends EventTarget {
  begun = [];
  seeking = false;
  #at = 0;

  get currentTime() {
    return this.#at;
  }

  set currentTime(seconds) {
    this.begun.push(seconds);
    this.#at = seconds;
    this.seeking = true;
    this.dispatchEvent(new Event("seeking"));
  }

  end() {
    this.seeking = false;
    this.dispatchEvent(new Event("seeked"));
  }
}

test("of the seeks that are asked for while one is on its way only the newest follows", () => {
  const media = new Media();
  const seeking = createSeeking(media);
  for (const seconds of [1, 2, 3, 4]) seeking.seek(seconds);
  assert.deepEqual(media.begun, [1]);
  assert.equal(seeking.time, 4);
  media.end();
  assert.deepEqual(media.begun, [1, 4]);
  media.end();
  assert.deepEqual(media.begun, [1, 4]);
  assert.equal(seeking.time, 4);
});

test("a seek by the browser's own controls replaces what was remembered", () => {
  const media = new Media();
  const seeking = createSeeking(media);
  seeking.seek(1);
  seeking.seek(2);
  media.currentTime = 9;
  media.end();
  assert.deepEqual(media.begun, [1, 9]);
  assert.equal(seeking.time, 9);
});

test("another file begins without the seeks of the one before", () => {
  const media = new Media();
  const seeking = createSeeking(media);
  seeking.seek(1);
  seeking.seek(2);
  media.dispatchEvent(new Event("emptied"));
  media.end();
  assert.deepEqual(media.begun, [1]);
});

test("a seek that hangs is begun again, with the newest target, and later each time", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const media = new Media();
  const seeking = createSeeking(media);
  seeking.seek(1);
  seeking.seek(2);
  t.mock.timers.tick(3000);
  assert.deepEqual(media.begun, [1, 2]);
  t.mock.timers.tick(3000);
  assert.deepEqual(media.begun, [1, 2]);
  t.mock.timers.tick(3000);
  assert.deepEqual(media.begun, [1, 2, 2]);
  media.end();
  t.mock.timers.tick(60_000);
  assert.deepEqual(media.begun, [1, 2, 2]);
});
