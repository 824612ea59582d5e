import assert from "node:assert/strict";
import { test } from "node:test";

import { firstStep, isRecordingWanted } from "../../../../static/js/room/candidate/rules.js";

const CALL = { agreements: { recording: true }, isPaused: false, isRefused: false, step: "call", status: "live" };

test("a call that was agreed to is recorded", () => {
  assert.equal(isRecordingWanted(CALL), true);
});

test("nothing is recorded without agreement, while paused, once refused, before the call and after the end", () => {
  const changes = [
    { agreements: { recording: false } },
    { agreements: { recording: null } },
    { isPaused: true },
    { isRefused: true },
    { step: "wait" },
    { status: "waiting" },
    { status: "ended" },
  ];
  for (const change of changes) assert.equal(isRecordingWanted({ ...CALL, ...change }), false, JSON.stringify(change));
});

test("a reloaded page goes on where it was, as far as the room allows", () => {
  const agreed = { recording: true };
  const at = (step, status = "live", agreements = agreed) => firstStep({ step, status, agreements });
  assert.equal(at(""), "check");
  assert.equal(at("agree"), "agree");
  assert.equal(at("calibrate"), "calibrate");
  assert.equal(at("call"), "call");
  assert.equal(at("call", "waiting"), "wait");
  assert.equal(at("call", "live", { recording: null }), "agree");
  assert.equal(at("after"), "after");
  assert.equal(at("check", "ended"), "after");
});
