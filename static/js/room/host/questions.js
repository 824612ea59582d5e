/* The questions: prepared ones that are ticked off as they are asked, free ones, the list's editor, and undo. */
import { api } from "../../shared/api.js";
import { announce, say } from "../../shared/text.js";
import { config, isHost, roomTime } from "./page.js";
import { merged, replaced } from "./question_list.js";

/** Returns `{load(), setStatus(status), askNext()}`. */
export function createQuestions() {
  const list = document.getElementById("prepared");
  const template = document.getElementById("prepared-template");
  const error = document.getElementById("question-error");
  const undo = document.getElementById("question-undo");
  const editor = document.getElementById("questions-editor");
  const lines = document.getElementById("questions-text");
  const editButton = document.querySelector("[data-edit-questions]");
  const free = document.getElementById("question-free");
  let prepared = [];
  let asked = [];
  let isLive = false;
  let isBusy = false;

  async function load() {
    try {
      const urls = [config.api.prepared_questions, config.api.questions];
      const [first, second] = await Promise.all(urls.map((url) => api("GET", url)));
      prepared = first.questions;
      asked = second.questions;
      draw();
    } catch (problem) {
      say(error, problem.message);
    }
  }

  /* One change at a time: a second press of the key must not mark the question after the one that was meant. */
  async function change(action) {
    if (isBusy) return null;
    isBusy = true;
    say(error, "");
    try {
      return await action();
    } catch (problem) {
      say(error, problem.message);
      return null;
    } finally {
      isBusy = false;
      await load();
    }
  }

  async function ask(body) {
    const question = await change(() => api("POST", config.api.questions, body));
    if (!question) return null;
    const sentence = `Marked at ${roomTime(question.at_s)}: ${question.text || "a question"}`;
    undo.querySelector("[data-words]").textContent = sentence;
    undo.hidden = false;
    undo.querySelector("button").onclick = () => withdraw(question.id);
    announce(`${sentence}. Undo is above the list.`);
    return question;
  }

  async function withdraw(mark) {
    const done = await change(async () => (await api("DELETE", `${config.api.questions}${mark}/`)) ?? true);
    if (!done) return;
    undo.hidden = true;
    announce("The mark was removed.");
    document.getElementById("questions-panel").querySelector("button:not([hidden])")?.focus();
  }

  function lineOf(question, isNext) {
    const line = template.content.firstElementChild.cloneNode(true);
    const at = line.querySelector("[data-at]");
    line.querySelector("[data-text]").textContent = question.text;
    line.classList.toggle("is-asked", question.mark !== null);
    line.classList.toggle("is-next", isNext);
    if (question.mark !== null) {
      at.hidden = false;
      at.textContent = `asked ${roomTime(question.at_s)}`;
    }
    if (!isHost) return line;
    const askButton = line.querySelector("[data-ask]");
    const withdrawButton = line.querySelector("[data-withdraw]");
    askButton.hidden = !isLive || question.mark !== null;
    askButton.setAttribute("aria-label", `Mark as asked: ${question.text}`);
    line.querySelector("[data-key]").hidden = !isNext;
    askButton.dataset.question = question.prepared;
    askButton.onclick = () => ask({ prepared: question.prepared });
    withdrawButton.hidden = !isLive || question.mark === null;
    withdrawButton.setAttribute("aria-label", `Remove the mark: ${question.text}`);
    withdrawButton.onclick = () => withdraw(question.mark);
    return line;
  }

  const next = () => prepared.find((question) => !question.asked);

  function draw() {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.question;
    const rows = merged(prepared, asked);
    const nextId = isLive ? next()?.id : null;
    const isNext = ({ prepared: id }) => id !== null && id === nextId;
    list.replaceChildren(...rows.map((question) => lineOf(question, isNext(question))));
    document.getElementById("questions-none").hidden = rows.length > 0 || Boolean(editor && !editor.hidden);
    if (!focused) return;
    const same = list.querySelector(`[data-question="${focused}"]:not([hidden])`);
    (same || list.querySelector("[data-ask]:not([hidden])"))?.focus();
  }

  function edit(on) {
    editor.hidden = !on;
    editButton.setAttribute("aria-expanded", String(on));
    if (on) {
      lines.value = prepared.filter((question) => !question.asked).map(({ text }) => text).join("\n");
      say(document.getElementById("questions-error"), "");
      lines.focus();
    } else {
      editButton.focus();
    }
    draw();
  }

  async function save(event) {
    event.preventDefault();
    try {
      const body = { questions: replaced(prepared, lines.value) };
      const answer = await api("PUT", config.api.prepared_questions, body);
      prepared = answer.questions;
      edit(false);
      announce("The list was saved.");
    } catch (problem) {
      say(document.getElementById("questions-error"), problem.message);
    }
  }

  if (isHost) {
    editButton.addEventListener("click", () => edit(editor.hidden));
    editor.querySelector("[data-cancel]").addEventListener("click", () => edit(false));
    editor.addEventListener("submit", save);
    free.addEventListener("submit", async (event) => {
      event.preventDefault();
      const { text } = free.elements;
      if (await ask({ text: text.value.trim() })) text.value = "";
    });
  }

  return {
    load,
    setStatus(status) {
      isLive = status === "live";
      if (isHost) {
        free.hidden = !isLive;
        document.getElementById("question-keys").hidden = !isLive;
        const isRunning = isLive || status === "waiting";
        editButton.hidden = !isRunning;
        if (!isRunning) editor.hidden = undo.hidden = true;
      }
      draw();
    },
    /** The key: marks the next prepared question; when all were asked, leads to the field for another. */
    askNext() {
      if (!isHost || !isLive) return;
      const question = next();
      if (question) ask({ prepared: question.id });
      else free.elements.text.focus();
    },
  };
}
