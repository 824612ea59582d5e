/* The model's file goes ahead of its form, in pieces: networks are larger than one request may be. */
import { errorLine } from "../shared/form_errors.js";
import { bytes } from "../shared/format.js";
import { createProgress } from "../upload/progress.js";
import { Cancelled, Transfer } from "../upload/transfer.js";

const form = document.getElementById("model-upload");
const { file: input, upload_id: uploadId } = form.elements;
const submit = form.querySelector("[data-submit]");
const errors = form.querySelector('[data-errors-for="file"]');
const progress = createProgress(document.getElementById("upload-status"));
/** @type {Transfer | null} */
let transfer = null;

function refuse(sentence) {
  errors.replaceChildren(errorLine(sentence));
  input.focus();
}

function setBusy(on) {
  submit.disabled = on;
  progress.show(on);
}

/** What the server would refuse after all of it had been sent. */
function ownRefusal(file) {
  const largest = Number(form.dataset.maxBytes);
  if (file.size === 0) return "This file is empty (0 bytes). Choose the model again.";
  return file.size > largest ? `This file has ${bytes(file.size)}; a model may have ${bytes(largest)}.` : "";
}

async function send(file) {
  errors.replaceChildren();
  setBusy(true);
  progress.start(file.size);
  const sending = new Transfer({
    url: form.dataset.uploads,
    announceUrl: form.dataset.announce,
    file,
    onProgress: (sent) => progress.sent(sent),
    onWait: (seconds, error) => progress.waiting(seconds, error),
  });
  transfer = sending;
  try {
    uploadId.value = await sending.send();
    input.value = "";
    form.submit();
  } catch (problem) {
    setBusy(false);
    if (problem instanceof Cancelled) return submit.focus();
    refuse(problem.message);
  }
}

form.addEventListener("submit", (event) => {
  const [file] = input.files;
  if (!file) return; // the server says what is missing, or has the file already
  event.preventDefault();
  const refusal = ownRefusal(file);
  if (refusal) refuse(refusal);
  else if (!submit.disabled && form.reportValidity()) send(file);
});
input.addEventListener("change", () => {
  uploadId.value = "";
  form.querySelector("[data-kept]")?.remove();
});
progress.onCancel(() => transfer?.cancel());
progress.onRetry(() => transfer?.retryNow());
