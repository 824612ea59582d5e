/* The new interview page: checks what it can, sends the recording, then the form; every refusal stands at its field. */
import { api, ApiError } from "../shared/api.js";
import { createFormErrors, errorLine } from "../shared/form_errors.js";
import { bytes } from "../shared/format.js";
import { announce } from "../shared/text.js";
import { nameRefusal } from "./file_names.js";
import { createProgress } from "./progress.js";
import { Cancelled, Transfer } from "./transfer.js";

const UPLOAD_GONE =
  "The server no longer has this upload: it may have become an interview already. " +
  "Look under Interviews before you send it again.";
const form = document.getElementById("new-interview");
const fields = form.querySelector("[data-fields]");
const submit = form.querySelector("[data-submit]");
const drop = document.getElementById("drop");
const input = document.getElementById("file");
const duplicate = document.getElementById("duplicate");
const fileNames = JSON.parse(document.getElementById("file-names").textContent);
const errors = createFormErrors(form, document.getElementById("form-error"));
const progress = createProgress(document.getElementById("upload-status"));
const words = { name: drop.querySelector("[data-file-name]"), facts: drop.querySelector("[data-file-facts]") };
const unchosen = { name: words.name.textContent, facts: words.facts.textContent };

/** @type {Transfer | null} what is under way */
let transfer = null;
/** @type {Transfer | null} */
let unfinished = null; // a transfer that was refused for a reason outside the file, such as a login that ran out
/** @type {{file: File, id: string} | null} */
let uploaded = null; // a complete upload that the server keeps while other fields are corrected

/** What can be said before a byte is sent; the server decides about everything else. */
function ownErrors() {
  const found = {};
  const { candidate_name: name, candidate_email: email, informed_consent: consent } = form.elements;
  if (!name.value.trim()) found.candidate_name = ["Enter the candidate's name."];
  if (!email.value.trim() || !email.validity.valid) {
    found.candidate_email = ["Enter the candidate's e-mail address, such as name@example.com."];
  }
  const problem = fileProblem(input.files[0]);
  if (problem) found.file = [problem];
  if (!consent.checked) {
    found.informed_consent = ["Confirm that the candidate was informed and agreed; without it nothing is stored."];
  }
  return found;
}

/* ---- the file ---- */

/** @param {File | undefined} file */
function fileProblem(file) {
  if (!file) return "Choose the recording.";
  const refusal = nameRefusal(file.name, fileNames);
  if (refusal) return refusal;
  if (file.size === 0) return "This file is empty (0 bytes). Choose the recording again.";
  if (file.size <= Number(form.dataset.maxBytes)) return "";
  const sizes = `This file has ${bytes(file.size)}; the limit is ${form.dataset.maxSize}.`;
  return `${sizes} Export the recording with a lower bit rate.`;
}

function showFile() {
  const file = input.files[0];
  drop.classList.toggle("has-file", Boolean(file));
  words.name.textContent = file ? file.name : unchosen.name;
  words.facts.textContent = file ? `${bytes(file.size)} – choose or drop another to replace it` : unchosen.facts;
}

input.addEventListener("change", () => {
  showFile();
  duplicate.hidden = true;
  const problem = input.files.length ? fileProblem(input.files[0]) : "";
  form.querySelector('[data-errors-for="file"]').replaceChildren(...(problem ? [errorLine(problem)] : []));
  if (problem) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  announce(problem);
});
for (const event of ["dragenter", "dragover"]) drop.addEventListener(event, () => drop.classList.add("is-over"));
for (const event of ["dragleave", "drop"]) drop.addEventListener(event, () => drop.classList.remove("is-over"));
for (const event of ["dragover", "drop"]) {
  // A recording dropped beside the zone must not replace the page by the browser's own player.
  document.addEventListener(event, (dropped) => dropped.target !== input && dropped.preventDefault());
}

/* ---- sending ---- */

const isBusy = () => submit.disabled;

function setBusy(on) {
  submit.disabled = on;
  fields.disabled = on;
  progress.show(on);
}

async function upload() {
  const file = input.files[0];
  if (uploaded && uploaded.file === file) return uploaded.id;
  if (unfinished?.file !== file) await discardKept();
  progress.start(file.size);
  const sending = unfinished ?? new Transfer({
    url: form.dataset.uploads,
    file,
    onProgress: (sent) => progress.sent(sent),
    onWait: (seconds, error) => progress.waiting(seconds, error),
  });
  transfer = unfinished = sending;
  try {
    const id = await sending.send();
    uploaded = { file, id };
    unfinished = null;
    return id;
  } catch (problem) {
    if (problem instanceof Cancelled) unfinished = null; // cancel() has discarded it
    else if ([400, 404].includes(problem.status)) await discardKept(); // the file itself was refused, or is gone
    throw problem;
  } finally {
    transfer = null;
  }
}

async function discardKept() {
  const id = uploaded?.id || unfinished?.upload?.id;
  if (id) await api("DELETE", `${form.dataset.uploads}${id}/`).catch(() => {}); // the server sweeps what is left behind
  uploaded = unfinished = null;
}

async function create(allowDuplicate) {
  errors.clear();
  duplicate.hidden = true;
  const found = ownErrors();
  if (Object.keys(found).length) return errors.show(found);
  setBusy(true);
  try {
    const uploadId = await upload();
    progress.checking();
    announce("The upload is complete. The recording is being checked.");
    const { elements } = form;
    const created = await api("POST", form.dataset.interviews, {
      candidate_name: elements.candidate_name.value,
      candidate_email: elements.candidate_email.value,
      position: elements.position.value,
      spoken_language: elements.spoken_language.value,
      purpose: elements.purpose.value,
      candidate_jurisdiction: elements.candidate_jurisdiction.value,
      upload_id: uploadId,
      informed_consent: true,
      transcript_consent: elements.transcript_consent.checked,
      consent_basis: elements.consent_basis.value,
      consent_evidence: elements.consent_evidence.value,
      allow_duplicate: allowDuplicate,
    });
    leaving = true;
    location.assign(created.url);
  } catch (problem) {
    setBusy(false);
    refused(problem);
  }
}

function refused(problem) {
  if (problem instanceof Cancelled) {
    announce("The upload was cancelled. Nothing was stored.");
    submit.focus();
    return;
  }
  if (!(problem instanceof ApiError)) throw problem;
  if (problem.status === 409 && problem.data?.code === "duplicate") return showDuplicate(problem.data);
  if (problem.status === 404 && uploaded) {
    uploaded = null; // the next try sends it again
    return errors.showGeneral(UPLOAD_GONE);
  }
  if (problem.status === 400 && problem.data && !problem.data.detail) {
    if (problem.data.file) uploaded = null; // the server has removed the bytes
    return errors.show(problem.data);
  }
  const kept = uploaded ? " The uploaded recording is kept; you need not send it again." : "";
  errors.showGeneral(`${problem.sentence}${kept}`);
}

function showDuplicate({ detail, url }) {
  duplicate.querySelector("[data-duplicate-detail]").textContent = detail;
  duplicate.querySelector("[data-duplicate-link]").href = url;
  duplicate.hidden = false;
  duplicate.querySelector("[data-duplicate-anyway]").focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!isBusy()) create(false);
});
duplicate.querySelector("[data-duplicate-anyway]").addEventListener("click", () => create(true));
progress.onCancel(() => transfer?.cancel());
progress.onRetry(() => transfer?.retryNow());

let leaving = false;
addEventListener("beforeunload", (event) => {
  if (isBusy() && !leaving) event.preventDefault();
});
showFile(); // a reloaded page may keep its file
submit.disabled = false; // only now does a click reach this script instead of the browser's own form
