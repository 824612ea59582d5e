/* Search in the transcript: every hit marked, one of them chosen, next and previous. */
import { cutAt } from "./text.js";

const AFTER_MS = 120; // typing goes on: one search for several letters

/** `sentences` is the list of sentences.js. Returns `{again()}` for when their words have changed. */
export function createSearch({ sentences }) {
  const form = document.getElementById("transcript-search");
  const field = document.getElementById("transcript-query");
  const count = document.getElementById("transcript-hits");
  const steps = [...form.querySelectorAll("[data-hit]")];
  let marked = [];
  let hits = [];
  let chosen = -1;
  let timer = 0;

  function clear() {
    for (const row of marked) row.text.replaceChildren(row.text.textContent); // one piece again
    marked = [];
    hits = [];
    chosen = -1;
  }

  function markIn(row, query) {
    const parts = cutAt(row.sentence.text, query);
    if (!parts.some(([, isHit]) => isHit)) return;
    const nodes = parts.map(([words, isHit]) => {
      if (!isHit) return words;
      const hit = document.createElement("mark");
      hit.textContent = words;
      hits.push({ hit, row });
      return hit;
    });
    row.text.replaceChildren(...nodes);
    marked.push(row);
  }

  function say() {
    count.textContent = !field.value.trim() ? "" : hits.length ? `${chosen + 1} of ${hits.length}` : "not found";
    for (const step of steps) step.disabled = hits.length === 0;
  }

  function choose(index, { isShown = true } = {}) {
    hits[chosen]?.hit.classList.remove("is-chosen");
    chosen = (index + hits.length) % hits.length;
    const { hit, row } = hits[chosen];
    hit.classList.add("is-chosen");
    say();
    if (!isShown) return;
    sentences.leave();
    sentences.bring(row);
  }

  function search({ keep = false } = {}) {
    clearTimeout(timer);
    const before = chosen;
    clear();
    if (field.value.trim()) {
      for (const row of sentences.rows) markIn(row, field.value);
    }
    if (hits.length) choose(keep ? Math.min(Math.max(0, before), hits.length - 1) : 0, { isShown: !keep });
    say();
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, AFTER_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && field.value) {
      event.preventDefault();
      field.value = "";
      search();
    } else if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      if (hits.length) choose(chosen - 1);
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (hits.length) choose(chosen + 1);
  });
  form.querySelector('[data-hit="-1"]').addEventListener("click", () => choose(chosen - 1));

  return {
    again() {
      if (field.value) search({ keep: true });
    },
  };
}
