import assert from "node:assert/strict";
import { test } from "node:test";

import { connectedWords } from "../../../../static/js/room/host/connected.js";

test("a camera or a microphone that is off is said, and is not good", () => {
  assert.deepEqual(connectedWords(null), ["good", "Picture and sound connected"]);
  assert.deepEqual(connectedWords({ camera: true, microphone: true }), ["good", "Picture and sound connected"]);
  for (const [media, said] of [
    [{ camera: false, microphone: true }, /^Sound connected.*camera is off$/],
    [{ camera: true, microphone: false }, /^Picture connected.*microphone is off$/],
    [{ camera: false, microphone: false }, /camera and microphone are off$/],
  ]) {
    const [level, sentence] = connectedWords(media);
    assert.equal(level, "slow");
    assert.match(sentence, said);
  }
});
