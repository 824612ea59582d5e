import assert from "node:assert/strict";
import { test } from "node:test";

import { merged, replaced } from "../../../../static/js/room/host/question_list.js";

const ASKED = { id: "a", text: "A?", asked: { id: "m", at_s: 3.5 } };
const OPEN = [
  { id: "b", text: "B?", asked: null },
  { id: "c", text: "C?", asked: null },
];

test("free questions follow the prepared ones", () => {
  const marks = [
    { id: "m", text: "A?", at_s: 3.5, prepared: "a" },
    { id: "n", text: "", at_s: 8, prepared: null },
  ];
  const rows = merged([ASKED, OPEN[0]], marks);
  assert.deepEqual(rows.map(({ text, mark, at_s: atS }) => [text, mark, atS]), [
    ["A?", "m", 3.5],
    ["B?", null, null],
    ["A question", "n", 8],
  ]);
});

test("an edit keeps what was asked and the ids of known lines", () => {
  assert.deepEqual(replaced([ASKED, ...OPEN], "C?\n\n  New  one? \nB?\n"), [
    { id: "a", text: "A?" },
    { id: "c", text: "C?" },
    { id: null, text: "New one?" },
    { id: "b", text: "B?" },
  ]);
});
