import assert from "node:assert/strict";
import { test } from "node:test";

import { Looks, placeOf } from "../../../../static/js/room/candidate/dots.js";

const READING = { iris: [1, 2], head: [3, 4], openness: 0.3 };

test("only frames captured after the eyes have settled belong to a dot", () => {
  const looks = new Looks();
  looks.show("center", 0);
  for (const [sequence, capturedMs] of [[1, 300], [2, 900], [3, 1000]]) looks.sent({ sequence, capturedMs });
  for (const sequence of [1, 2, 9]) looks.read({ sequence, ...READING });
  looks.show("top_left", 1100);
  looks.read({ sequence: 3, ...READING }); // of the dot before
  looks.sent({ sequence: 4, capturedMs: 1900 });
  looks.read({ sequence: 4, ...READING });
  assert.deepEqual(looks.samples, [
    { target: "center", ...READING },
    { target: "top_left", ...READING },
  ]);
});

test("dots stand in the nine areas of the window, left being the candidate's own", () => {
  assert.deepEqual(placeOf("center"), { left: 50, top: 50 });
  assert.deepEqual(placeOf("top_left"), { left: 7, top: 7 });
  assert.deepEqual(placeOf("center_right"), { left: 93, top: 50 });
  assert.deepEqual(placeOf("bottom_center"), { left: 50, top: 93 });
});
