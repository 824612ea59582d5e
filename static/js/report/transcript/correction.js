/* A sentence is corrected where it stands; what was recognised is kept beside it. */
import { api } from "../../shared/api.js";
import { clock } from "../../shared/format.js";

/** `url` is the transcript's address; `onChange(sentence, spoken)` hears what is stored then, and what to say of it. */
export function createCorrection({ url, onChange }) {
  const template = document.getElementById("correction-template").content.firstElementChild;
  let close = () => {};

  const store = (sentence, text) => api("PATCH", `${url}sentences/${sentence.id}/`, { text });

  function open(row) {
    close();
    const { sentence, element, text } = row;
    const form = template.cloneNode(true);
    const field = form.elements.text;
    const problem = form.querySelector("[data-correction-problem]");
    field.value = sentence.text;
    field.setAttribute("aria-label", `What is said at ${clock(sentence.start_s)}`);
    field.rows = Math.max(2, Math.ceil(sentence.text.length / 60));
    element.classList.add("is-edited");
    text.after(form);
    text.hidden = true;

    close = () => {
      close = () => {};
      form.remove();
      text.hidden = false;
      element.classList.remove("is-edited");
      element.querySelector("[data-correct]").focus({ preventScroll: true });
    };

    function refuse(words) {
      problem.textContent = words;
      problem.hidden = false;
      field.focus();
    }

    async function save() {
      const words = field.value.replace(/\s+/gu, " ").trim();
      if (words === sentence.text) return close();
      if (!words) return refuse("Write what is said, or cancel.");
      for (const control of form.elements) control.disabled = true;
      try {
        const isOriginal = words === sentence.original;
        const stored = await store(sentence, isOriginal ? null : words);
        close();
        onChange(stored, isOriginal ? "The correction was undone." : "The sentence was corrected.");
      } catch (failure) {
        for (const control of form.elements) control.disabled = false;
        refuse(failure.message);
      }
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      save();
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        save();
      } else if (event.key === "Escape") {
        event.preventDefault();
        close();
      }
    });
    form.querySelector("[data-give-up]").addEventListener("click", () => close());
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  return {
    open,
    async takeBack(row) {
      onChange(await store(row.sentence, null), "The correction was undone.");
      row.element.querySelector("[data-correct]").focus({ preventScroll: true });
    },
  };
}
