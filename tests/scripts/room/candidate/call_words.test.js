import assert from "node:assert/strict";
import { test } from "node:test";

import { indicators, remoteWords, watcherWords } from "../../../../static/js/room/candidate/call_words.js";

function shown({ agreed, isPaused = false, isRecording = true, analysis = "on", connection = "open" }) {
  const { recording, analysis: analysed } = indicators({
    agreements: { recording: agreed[0], analysis: agreed[1] },
    isPaused,
    recording: { recording: isRecording },
    analysis: { state: analysis },
    connection: { state: connection },
  });
  return [recording.words, analysed.words];
}

test("the indicators show recording and analysis as they are", () => {
  const both = [true, true];
  assert.deepEqual(shown({ agreed: both }), ["Recording", "Analysis on"]);
  assert.deepEqual(shown({ agreed: both, connection: "waiting" }), ["Recording", "Analysis interrupted"]);
  assert.deepEqual(shown({ agreed: both, isPaused: true }), ["Recording paused", "Analysis paused"]);
  assert.deepEqual(shown({ agreed: both, analysis: "overloaded" }), [
    "Recording",
    "Analysis paused: the server is busy",
  ]);
  assert.deepEqual(shown({ agreed: both, isRecording: false }), ["Recording is not running", "Analysis on"]);
  assert.deepEqual(shown({ agreed: [true, false], analysis: "off" }), ["Recording", "Not analysed"]);
  assert.deepEqual(shown({ agreed: [false, false], analysis: "off" }), ["Not recorded", "Not analysed"]);
});

test("a host who is gone or out of reach is told", () => {
  const words = (call, isHere) => remoteWords({ name: "Rita", call, isHere });
  assert.equal(words("connected", true), "");
  assert.equal(words("connecting", true), "Calling Rita …");
  assert.match(words("interrupted", true), /is interrupted\. It comes back by itself\./);
  assert.match(words("failed", true), /^No direct connection to the network of Rita was possible so far\./);
  assert.match(words(undefined, false), /^Rita is not in the room just now\. Please stay/);
  assert.match(words("connecting", false), /^Rita is not in the room just now\. Please stay/);
});

test("those who watch are counted", () => {
  assert.equal(watcherWords(0, "Northwind"), "");
  assert.equal(watcherWords(1, "Northwind"), "1 person of Northwind watches and listens");
  assert.equal(watcherWords(2, "Northwind"), "2 people of Northwind watch and listen");
});
