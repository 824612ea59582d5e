/* Notes with their second of the recording; everybody of the organization in the room sees and writes them. */
import { api } from "../../shared/api.js";
import { announce, say } from "../../shared/text.js";
import { config, roomTime } from "./page.js";

/** Returns `{load(), begin()}`; `begin` puts the cursor into the field. */
export function createNotes() {
  const list = document.getElementById("notes");
  const form = document.getElementById("note-new");
  const field = form.elements.text;
  const error = document.getElementById("note-error");
  const template = document.getElementById("note-template");

  async function load() {
    try {
      draw((await api("GET", config.api.notes)).notes);
    } catch (problem) {
      say(error, problem.message);
    }
  }

  function lineOf(note) {
    const line = template.content.firstElementChild.cloneNode(true);
    line.querySelector("[data-at]").textContent = roomTime(note.at_s);
    line.querySelector("[data-text]").textContent = note.text;
    line.querySelector("[data-author]").textContent = note.author;
    const remove = line.querySelector("[data-remove]");
    remove.hidden = note.author_id !== config.me_id;
    remove.setAttribute("aria-label", `Delete the note of ${roomTime(note.at_s)}`);
    remove.onclick = () => take(note);
    return line;
  }

  function draw(notes) {
    list.replaceChildren(...[...notes].reverse().map(lineOf)); // the newest is beside the field
  }

  async function take(note) {
    try {
      await api("DELETE", `${config.api.notes}${note.id}/`);
      announce("The note was deleted.");
      await load();
      list.focus();
    } catch (problem) {
      say(error, problem.message);
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return field.focus();
    say(error, "");
    try {
      const note = await api("POST", config.api.notes, { text });
      field.value = ""; // kept until now: a failure must not cost the words
      announce(note.at_s === null ? "The note was saved." : `Note saved at ${roomTime(note.at_s)}.`);
      await load();
    } catch (problem) {
      say(error, problem.message);
    }
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") field.blur();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });

  return { load, begin: () => field.focus() };
}
