import assert from "node:assert/strict";
import { test } from "node:test";

import { actionOf } from "../../../../static/js/room/host/keys.js";

const BODY = { tagName: "BODY" };

test("keys act where nobody types", () => {
  assert.equal(actionOf({ key: "q", target: BODY }, false), "question");
  assert.equal(actionOf({ key: "Q", target: { tagName: "BUTTON" } }, false), "question");
  assert.equal(actionOf({ key: "n", target: { tagName: "INPUT", type: "checkbox" } }, false), "note");
});

test("keys do nothing in fields, with modifiers, when held and in dialogs", () => {
  assert.equal(actionOf({ key: "q", target: { tagName: "INPUT", type: "text" } }, false), "");
  assert.equal(actionOf({ key: "q", target: { tagName: "TEXTAREA" } }, false), "");
  assert.equal(actionOf({ key: "q", ctrlKey: true, target: BODY }, false), "");
  assert.equal(actionOf({ key: "q", repeat: true, target: BODY }, false), "");
  assert.equal(actionOf({ key: "q", target: BODY }, true), "");
  assert.equal(actionOf({ key: "x", target: BODY }, false), "");
});
