/* Question marks: on the lanes (drag, arrow keys) and in the list (edit, nudge, remove with undo).
   Every change is one request, whose answer carries all marks and the recomputed metrics. */
import { api } from "../shared/api.js";
import { clock, parseClock } from "../shared/format.js";
import { announce } from "../shared/text.js";
import { createMarks } from "./lanes/marks.js";

/**
 * `url` is the interview's questions collection; `onMetrics` gets the recomputed metrics of every change, `onDraw` the
 * marks whenever they are drawn. Returns `{mark(), take(answer), seconds}`: `mark` adds a question at the player's
 * time, `take` shows the marks and metrics of an answer that somebody else asked for.
 */
export function createQuestions({ url, player, lanes, initial, onMetrics, onDraw }) {
  const list = document.getElementById("questions");
  const template = document.getElementById("question-template");
  const form = document.getElementById("question-new");
  const error = document.getElementById("question-error");
  const undo = document.getElementById("question-undo");
  const dialog = document.getElementById("question-dialog");
  const dragNow = document.getElementById("drag-now");
  let questions = initial;
  let pending = Promise.resolve();

  /* One change at a time, in the order they were made: answers cannot overtake one another. */
  function change(method, path, body, spoken) {
    const asked = pending.then(async () => {
      error.hidden = true;
      const answer = await api(method, url + path, body);
      take(answer);
      announce(spoken);
    });
    pending = asked.catch((problem) => {
      error.textContent = problem.message;
      error.hidden = false;
      draw(questions); // back to what is stored
      announce(problem.message);
    });
    return asked;
  }

  function take(answer) {
    draw(answer.questions);
    onMetrics(answer.metrics);
  }

  const within = (seconds) => Math.round(Math.min(Math.max(0, seconds), player.durationS) * 1000) / 1000;
  const add = (atS, text) => change("POST", "", { at_s: within(atS), text }, `Question marked at ${clock(atS)}.`);
  const move = (question, atS) =>
    change("PATCH", `${question.id}/`, { at_s: within(atS) }, `Question moved to ${clock(within(atS))}.`);
  const quiet = (promise) => promise.catch(() => {}); // its sentence is already on the page

  async function remove(question) {
    undo.hidden = true; // it would bring back the question that was removed before
    await change("DELETE", `${question.id}/`, undefined, "Question removed.");
    undo.hidden = false;
    undo.querySelector("button").onclick = () => {
      undo.hidden = true;
      quiet(add(question.at_s, question.text));
    };
    undo.querySelector("button").focus();
  }

  function edit(question) {
    const { at, text } = dialog.querySelector("form").elements;
    const problem = dialog.querySelector("[data-dialog-error]");
    at.value = clock(question.at_s);
    text.value = question.text;
    problem.hidden = true;
    dialog.querySelector("form").onsubmit = async (event) => {
      event.preventDefault();
      const atS = parseClock(at.value);
      const sentence =
        atS === null
          ? "Write the time as minutes:seconds, such as 1:05.5."
          : atS > player.durationS
            ? `The recording ends at ${clock(player.durationS)}.`
            : "";
      problem.textContent = sentence;
      problem.hidden = !sentence;
      if (sentence) return at.focus();
      const body = { text: text.value.trim() };
      if (at.value !== clock(question.at_s)) body.at_s = within(atS); // else the tenth shown would round what is stored
      try {
        await change("PATCH", `${question.id}/`, body, "Question saved.");
        dialog.close();
      } catch (failure) {
        problem.textContent = failure.message;
        problem.hidden = false;
      }
    };
    dialog.showModal();
  }

  function lineOf(question, number) {
    const line = template.content.firstElementChild.cloneNode(true);
    line.dataset.question = question.id;
    line.querySelector("[data-text]").textContent = question.text;
    line.querySelector("[data-edit]").hidden = false;
    const go = line.querySelector("[data-go]");
    go.textContent = clock(question.at_s);
    go.onclick = () => player.seek(question.at_s);
    go.setAttribute("aria-label", `Go to question ${number} at ${clock(question.at_s)}`);
    for (const nudge of line.querySelectorAll("[data-nudge]")) {
      nudge.onclick = () => quiet(move(question, question.at_s + Number(nudge.dataset.nudge)));
    }
    line.querySelector("[data-change]").onclick = () => edit(question);
    line.querySelector("[data-remove]").onclick = () => quiet(remove(question));
    return line;
  }

  const marks = createMarks({
    root: document.getElementById("marks"),
    lanes,
    player,
    letter: "Q",
    kind: "question",
    now: dragNow,
    onMove: (question, atS) => quiet(move(question, atS)),
    onRemove: (question) => quiet(remove(question)),
  });

  /* The element to focus again after a redraw: same question, same control. */
  function focused() {
    const active = /** @type {HTMLElement | null} */ (document.activeElement);
    const question = /** @type {HTMLElement | null} */ (active?.closest("[data-question], [data-mark]"));
    if (!active || !question) return null;
    const hook = ["data-go", "data-nudge", "data-change"].find((name) => active.hasAttribute(name));
    if (question.dataset.mark) return { id: question.dataset.mark, selector: null };
    const selector = hook === "data-nudge" ? `[data-nudge="${active.dataset.nudge}"]` : `[${hook}]`;
    return { id: question.dataset.question, selector };
  }

  function draw(stored) {
    const focus = focused();
    questions = stored;
    list.replaceChildren(...questions.map((question, index) => lineOf(question, index + 1)));
    marks.draw(questions);
    document.getElementById("questions-empty").hidden = questions.length > 0;
    document.querySelector("[data-question-count]").textContent = questions.length;
    onDraw(questions);
    if (!focus) return;
    const line = focus.selector
      ? list.querySelector(`[data-question="${focus.id}"] ${focus.selector}`)
      : marks.root.querySelector(`[data-mark="${focus.id}"]`);
    line?.focus({ preventScroll: true });
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { text } = form.elements;
    quiet(add(player.time, text.value.trim()).then(() => (text.value = "")));
  });
  player.onTime((timeS) => (form.querySelector("[data-now]").textContent = clock(timeS)));
  draw(questions);
  return {
    mark: () => quiet(add(player.time, "")),
    take,
    get seconds() {
      return questions.map(({ at_s: atS }) => atS);
    },
  };
}
