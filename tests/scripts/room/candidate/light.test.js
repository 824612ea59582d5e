import assert from "node:assert/strict";
import { test } from "node:test";

import { lightOf } from "../../../../static/js/room/candidate/light.js";

test("light is estimated without the server", () => {
  const grey = (level) => Array(4).fill([level, level, level, 255]).flat();
  assert.deepEqual([10, 120, 250].map((level) => lightOf(grey(level))), ["dark", "good", "bright"]);
});
