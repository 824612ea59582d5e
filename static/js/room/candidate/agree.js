/* Step 1: what is agreed to. No box is ticked before. */
import { createAgreementBoxes } from "./agreement_boxes.js";

const CONTINUE = {
  all: "Continue with recording, analysis and transcript",
  analysis: "Continue with recording and analysis",
  transcript: "Continue with recording and transcript",
  recording: "Continue with recording only",
  none: "Continue without recording",
};

export function createAgree({ room, section, go }) {
  const form = section.querySelector("[data-agree-form]");
  const submit = form.querySelector("[data-agree-submit]");
  const error = form.querySelector("[data-agree-error]");
  const boxes = createAgreementBoxes({ room, form, onChange: showChoice });

  function showChoice() {
    for (const item of section.querySelectorAll("[data-choice]")) {
      const chosen = item.dataset.choice === boxes.choice();
      if (chosen) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
    submit.textContent = CONTINUE[boxes.choice()];
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    error.hidden = true;
    try {
      await room.answer(boxes.answers());
      go(room.devices.tracks.camera || room.devices.tracks.microphone ? "wait" : "check");
    } catch (problem) {
      error.firstElementChild.textContent = problem.message;
      error.hidden = false;
    } finally {
      submit.disabled = false;
    }
  });

  return { enter: boxes.fill };
}
