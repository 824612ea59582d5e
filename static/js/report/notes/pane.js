/* Notes: written at a second or on a stretch, answered, edited, deleted. The server writes the list; after each change
   it is fetched again, and a "notes" event on the document carries the marks for lanes and transcript. */
import { api } from "../../shared/api.js";
import { clock } from "../../shared/format.js";
import { announce, say } from "../../shared/text.js";
import { placeTyped, withMention } from "./places.js";

/** `player` is the recording's clock, also where there is no recording. */
export function createNotes({ player }) {
  const root = document.getElementById("notes");
  const list = document.getElementById("notes-list");
  const form = document.getElementById("note-new");
  const template = document.getElementById("note-edit-template");
  const { url, api: address } = root.dataset;

  function prepare(editor, save) {
    const { text, at, end } = editor.elements;
    const problem = editor.querySelector("[data-problem]");
    const mention = editor.querySelector("[data-mention]");
    const people = JSON.parse(document.getElementById("note-people").textContent);
    mention.append(...people.map((name) => new Option(name)));
    mention.onchange = () => {
      const inserted = withMention(text.value, text.selectionStart ?? text.value.length, mention.value);
      text.value = inserted.text;
      mention.value = "";
      text.focus();
      text.setSelectionRange(inserted.caret, inserted.caret);
    };
    for (const now of editor.querySelectorAll("[data-now]")) {
      now.onclick = () => (editor.elements[now.dataset.now].value = clock(player.time));
    }
    editor.onsubmit = async (event) => {
      event.preventDefault();
      const place = at ? placeTyped(at.value, end.value, player.durationS) : { at_s: null, end_s: null };
      say(problem, typeof place === "string" ? place : "");
      if (typeof place === "string") return;
      try {
        await save({ text: text.value, ...place });
        await load();
      } catch (refused) {
        say(problem, refused.message);
      }
    };
    editor.onkeydown = (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) editor.requestSubmit();
    };
  }

  /** A form in place of the buttons at `beside`; given up, they come back. */
  function openEditor(beside, save, isReply) {
    const editor = template.content.firstElementChild.cloneNode(true);
    if (isReply) editor.querySelector("[data-place]")?.remove();
    prepare(editor, save);
    beside.hidden = true;
    beside.after(editor);
    editor.querySelector("[data-give-up]").onclick = () => {
      editor.remove();
      beside.hidden = false;
    };
    editor.elements.text.focus();
    return editor;
  }

  function bind() {
    const marks = JSON.parse(document.getElementById("note-marks").textContent);
    const count = document.querySelector("[data-note-count]");
    if (count) count.textContent = String(list.querySelectorAll("article.note").length);
    document.dispatchEvent(new CustomEvent("notes", { detail: marks }));
    for (const button of list.querySelectorAll("[data-note-go]")) {
      button.onclick = () => player.seek(Number(button.dataset.noteGo));
    }
    for (const button of list.querySelectorAll("[data-note-reply]")) {
      button.hidden = false;
      const parent = button.dataset.noteReply;
      const answer = ({ text }) => api("POST", address, { text, answers: parent });
      button.onclick = () => openEditor(button, answer, true);
    }
    for (const own of list.querySelectorAll("[data-note]")) {
      own.hidden = false;
      const note = `${address}${own.dataset.note}/`;
      own.querySelector("[data-note-edit]").onclick = () => edit(own, note);
      const remove = own.querySelector("[data-note-delete]");
      if (remove) remove.onclick = () => removeOwn(remove, note);
    }
  }

  function edit(own, note) {
    const editor = openEditor(own, (fields) => api("PUT", note, fields), "isReply" in own.dataset);
    const { text, at, end } = editor.elements;
    text.value = own.parentElement.querySelector("[data-note-text]").textContent;
    if (!at) return;
    if (own.dataset.at) at.value = clock(Number(own.dataset.at));
    if (own.dataset.end) end.value = clock(Number(own.dataset.end));
  }

  /** The first press asks, the second deletes. */
  async function removeOwn(button, note) {
    if (!("asked" in button.dataset)) {
      button.dataset.asked = "";
      button.textContent = "Delete for good?";
      return;
    }
    try {
      await api("DELETE", note);
      await load();
      announce("The note was deleted.");
    } catch (refused) {
      button.textContent = refused.message;
    }
  }

  async function load() {
    const response = await fetch(url, { credentials: "same-origin" });
    if (!response.ok) throw new Error("The notes could not be fetched. Reload the page.");
    list.innerHTML = await response.text();
    bind();
  }

  function begin() {
    document.getElementById("tab-notes")?.click();
    if (form.elements.at) form.elements.at.value = clock(player.time);
    form.elements.text.focus();
  }

  /** Shows the note, with the focus on it. */
  function open(id) {
    document.getElementById("tab-notes")?.click();
    const note = document.getElementById(`note-${id}`);
    if (!note) return;
    note.tabIndex = -1;
    note.focus();
  }

  prepare(form, async (fields) => {
    await api("POST", address, fields);
    form.reset();
    announce("The note was added.");
  });
  form.hidden = false;
  bind();
  return { begin, open };
}
