/* The form of a new live interview; what is refused stands at its field, and the link is shown once. */
import { api } from "../../api.js";
import { bindCopy, issuedSentence } from "./copying.js";

const form = document.getElementById("new-room");
const ready = document.getElementById("room-ready");
const formError = document.getElementById("form-error");
const fields = form.querySelector("[data-fields]");
const submit = form.querySelector("[data-submit]");
const announcer = document.getElementById("announcer");

function showErrors(errors) {
  let first = null;
  for (const [name, sentences] of Object.entries(errors)) {
    const place = form.querySelector(`[data-errors-for="${name}"]`);
    if (!place) {
      formError.firstElementChild.textContent = [sentences].flat()[0];
      formError.hidden = false;
      continue;
    }
    place.replaceChildren(
      ...[sentences].flat().map((sentence) => {
        const line = document.createElement("p");
        line.className = "field-error";
        line.textContent = String(sentence);
        return line;
      }),
    );
    form.elements[name].setAttribute("aria-invalid", "true");
    first ??= form.elements[name];
  }
  first?.focus();
}

function clearErrors() {
  formError.hidden = true;
  for (const place of form.querySelectorAll("[data-errors-for]")) place.replaceChildren();
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
}

function showRoom({ url, invitation }) {
  form.hidden = true;
  ready.hidden = false;
  document.getElementById("invitation-url").value = invitation.url;
  ready.querySelector("[data-issued]").textContent = issuedSentence(invitation);
  ready.querySelector("[data-room]").href = url;
  document.getElementById("ready-title").focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearErrors();
  const { candidate_name: name, candidate_email: email, position, spoken_language: language, questions, blind } = form.elements;
  const body = {
    candidate_name: name.value,
    candidate_email: email.value,
    position: position.value,
    spoken_language: language.value,
    questions: questions.value.split("\n").map((line) => line.trim()).filter(Boolean),
    blind: blind.checked,
  };
  fields.disabled = submit.disabled = true;
  try {
    showRoom(await api("POST", form.dataset.rooms, body));
  } catch (problem) {
    fields.disabled = submit.disabled = false;
    const isByField = problem.status === 400 && problem.data && !problem.data.detail;
    showErrors(isByField ? problem.data : { form: [problem.message] });
  } finally {
    fields.disabled = submit.disabled = false;
  }
});
bindCopy(ready.querySelector("[data-copy-link]"), document.getElementById("invitation-url"), (sentence) => (announcer.textContent = sentence));
