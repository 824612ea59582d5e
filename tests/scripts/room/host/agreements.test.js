import assert from "node:assert/strict";
import { test } from "node:test";

import { afterwardsSentence, agreementsSentence } from "../../../../static/js/room/host/agreements.js";

test("nothing is promised of an interview that was not agreed to be recorded", () => {
  for (const recording of [false, null, undefined]) {
    const sentence = afterwardsSentence({ recording, analysis: false, transcript: false });
    assert.match(sentence, /^Nothing was recorded/);
  }
});

test("a report is promised where an analysis was agreed to", () => {
  assert.match(afterwardsSentence({ recording: true, analysis: true, transcript: false }), /the report opens/);
  assert.match(afterwardsSentence({ recording: true, analysis: true, transcript: true }), /with a transcript/);
  for (const transcript of [true, false]) {
    const sentence = afterwardsSentence({ recording: true, analysis: false, transcript });
    assert.match(sentence, /is not analysed\.$/);
    assert.doesNotMatch(sentence, /report/);
  }
});

test("an answer that is missing is no refusal", () => {
  assert.match(agreementsSentence({}), /^Has not answered/);
  assert.match(agreementsSentence({ recording: false }), /^Did not agree to recording/);
});
