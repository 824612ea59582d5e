import assert from "node:assert/strict";
import { test } from "node:test";

import { joined } from "../../../static/js/report/lanes/tiles.js";
import { Viewport, stacked, tickLabel, ticks, tilesFor } from "../../../static/js/report/lanes/viewport.js";

test("zooming keeps the second under the pointer where it is", () => {
  const view = new Viewport(100);
  view.zoom(4, 80);
  assert.deepEqual([view.fromS, view.toS], [60, 85]);
  assert.equal(view.shareOf(80), 0.8);
  view.zoom(1 / 4, 80);
  assert.ok(view.isWhole);
});

test("the view stays inside the recording and never shows less than 2 s", () => {
  const view = new Viewport(100);
  view.zoom(1000, 0);
  assert.deepEqual([view.fromS, view.toS], [0, 2]);
  view.pan(-5);
  assert.equal(view.fromS, 0);
  view.pan(500);
  assert.equal(view.toS, 100);
  const short = new Viewport(1);
  short.zoom(10, 0.5);
  assert.ok(short.isWhole);
});

test("a stretch outside is brought into view, one inside leaves it as it is", () => {
  const view = new Viewport(100);
  view.show(0, 10);
  assert.equal(view.bring(2, 4), false);
  assert.equal(view.bring(50, 54), true);
  assert.ok(view.holds(50) && view.holds(54));
  assert.equal(view.spanS, 10);
  view.bring(20, 60);
  assert.ok(view.spanS >= 40);
});

test("ticks have room for their labels", () => {
  assert.deepEqual(ticks({ fromS: 0, toS: 20 }, 480), { stepS: 5, seconds: [0, 5, 10, 15, 20] });
  assert.equal(ticks({ fromS: 0, toS: 10800 }, 480).stepS, 1800);
  assert.deepEqual([tickLabel(65, 5), tickLabel(3661, 60), tickLabel(5.5, 0.5)], ["1:05", "1:01:01", "0:05.5"]);
});

test("the tiles are those in view, of the level that the pixels need", () => {
  const pyramid = { columns: 1024, factor: 4, levels: 5 };
  const whole = { fromS: 0, toS: 10800, durationS: 10800 };
  assert.deepEqual(tilesFor(whole, pyramid, 500), { level: 0, numbers: [0] });
  assert.deepEqual(tilesFor({ ...whole, fromS: 5400, toS: 8100 }, pyramid, 500), { level: 1, numbers: [2] });
  assert.equal(tilesFor({ ...whole, fromS: 100, toS: 102 }, pyramid, 500).level, 4);
});

test("what reaches from one tile into the next stands once", () => {
  const long = [3, 9, "happy", 0.5];
  assert.deepEqual(joined([[[0, 3, "sad", 1], long], [long, [9, 10, "sad", 1]]]).length, 3);
});

test("labels that would cover one another stand in rows of their own", () => {
  assert.deepEqual(stacked([10, 20, 60, 62, 64], 30, 2), [0, 1, 0, 1, -1]);
  assert.deepEqual(stacked([], 30, 2), []);
});
