/* Step 1: three boxes, five ways to take part; none of them is the default. */

const CONTINUE = {
  all: "Continue with recording, analysis and transcript",
  analysis: "Continue with recording and analysis",
  transcript: "Continue with recording and transcript",
  recording: "Continue with recording only",
  none: "Continue without recording",
};

export function createAgree({ room, section, go }) {
  const form = section.querySelector("[data-agree-form]");
  const { recording, analysis, transcript } = form.elements;
  const submit = form.querySelector("[data-agree-submit]");
  const error = form.querySelector("[data-agree-error]");

  function choice() {
    if (!recording.checked) return "none";
    if (analysis.checked && transcript.checked) return "all";
    if (analysis.checked) return "analysis";
    return transcript.checked ? "transcript" : "recording";
  }

  function show() {
    for (const box of [analysis, transcript]) {
      box.disabled = !recording.checked;
      if (box.disabled) box.checked = false;
    }
    for (const item of section.querySelectorAll("[data-choice]")) {
      const chosen = item.dataset.choice === choice();
      if (chosen) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
    submit.textContent = CONTINUE[choice()];
  }

  form.addEventListener("change", show);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    error.hidden = true;
    try {
      await room.answer({ recording: recording.checked, analysis: analysis.checked, transcript: transcript.checked });
      go(room.devices.tracks.camera || room.devices.tracks.microphone ? "wait" : "check");
    } catch (problem) {
      error.firstElementChild.textContent = problem.message;
      error.hidden = false;
    } finally {
      submit.disabled = false;
    }
  });

  return {
    enter() {
      for (const place of section.querySelectorAll("[data-statement]")) {
        place.textContent = room.statements[place.dataset.statement];
      }
      recording.checked = room.agreements.recording === true;
      analysis.checked = room.agreements.analysis === true;
      transcript.checked = room.agreements.transcript === true;
      show();
    },
  };
}
