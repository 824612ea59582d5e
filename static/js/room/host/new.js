/* The form of a new live interview; what is refused stands at its field, and the link is shown once. */
import { api } from "../../shared/api.js";
import { createFormErrors } from "../../shared/form_errors.js";
import { bindCopy } from "./clipboard.js";
import { issuedSentence } from "./invitation.js";

const form = document.getElementById("new-room");
const ready = document.getElementById("room-ready");
const errors = createFormErrors(form, document.getElementById("form-error"));
const fields = form.querySelector("[data-fields]");
const submit = form.querySelector("[data-submit]");
const link = document.getElementById("invitation-url");

function showRoom({ url, invitation }) {
  form.hidden = true;
  ready.hidden = false;
  link.value = invitation.url;
  ready.querySelector("[data-issued]").textContent = issuedSentence(invitation);
  ready.querySelector("[data-room]").href = url;
  document.getElementById("ready-title").focus();
}

function bodyOf(elements) {
  const { candidate_name, candidate_email, position, spoken_language, questions, blind } = elements;
  return {
    candidate_name: candidate_name.value,
    candidate_email: candidate_email.value,
    position: position.value,
    spoken_language: spoken_language.value,
    purpose: elements.purpose.value,
    candidate_jurisdiction: elements.candidate_jurisdiction.value,
    questions: questions.value.split("\n").map((line) => line.trim()).filter(Boolean),
    blind: blind.checked,
  };
}

function refuse(problem) {
  const isByField = problem.status === 400 && problem.data && !problem.data.detail;
  if (isByField) errors.show(problem.data);
  else errors.showGeneral(problem.message);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  errors.clear();
  fields.disabled = submit.disabled = true;
  try {
    showRoom(await api("POST", form.dataset.rooms, bodyOf(form.elements)));
  } catch (problem) {
    fields.disabled = submit.disabled = false; // a field that is disabled takes no focus
    refuse(problem);
  } finally {
    fields.disabled = submit.disabled = false;
  }
});
bindCopy(ready.querySelector("[data-copy-link]"), link);
submit.disabled = false; // only now does a click reach this script instead of the browser's own form
