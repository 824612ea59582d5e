import assert from "node:assert/strict";
import { test } from "node:test";

import { deviceSentence, lostSentence } from "../../../../static/js/room/media/devices.js";

test("troubles with devices are told in sentences", () => {
  const told = (name, message = "") => deviceSentence("camera", { name, message });
  assert.match(told("NotAllowedError", "Permission denied"), /blocked for this page/);
  assert.match(told("NotAllowedError", "Permission denied by system"), /system settings/);
  assert.match(told("NotFoundError"), /No camera was found/);
  assert.match(told("NotReadableError"), /another program/);
  assert.match(told("OddError"), /OddError/);
});

test("a device that is lost is told with what is lost with it", () => {
  assert.match(lostSentence("camera"), /^The camera is gone: .* The call goes on with sound;/);
  assert.match(lostSentence("microphone"), /^The microphone is gone: .* The others cannot hear you;/);
});
