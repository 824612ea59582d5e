import assert from "node:assert/strict";
import { test } from "node:test";
import { PeopleInView } from "../../../../static/js/room/host/people_in_view.js";

const run = (people, faces, fromMs, untilMs) => {
  let said = "";
  for (let atMs = fromMs; atMs <= untilMs; atMs += 100) said = people.take(faces, atMs);
  return said;
};

test("somebody who stays beside the candidate is told, and no longer once they are gone", () => {
  const people = new PeopleInView();
  assert.equal(run(people, 1, 0, 1000), "");
  assert.match(run(people, 2, 1100, 2700), /Somebody else/);
  assert.equal(run(people, 1, 2800, 4400), "");
});

test("a passer-by, or a face that is lost for a moment, changes nothing", () => {
  const people = new PeopleInView();
  assert.equal(run(people, 2, 0, 1000), "");
  assert.equal(run(people, 1, 1100, 1200), "");
  assert.equal(run(people, 2, 1300, 2300), "");
});

test("readings of speech count no faces", () => {
  const people = new PeopleInView();
  run(people, 2, 0, 2000);
  assert.match(people.take(null, 2050), /Somebody else/);
});
