/* Step 1: what is agreed to. No box is ticked before; that of the analysis ticks its three parts, each of which can be
   left out. */
const PARTS = ["face", "eyes", "voice"];

const CONTINUE = {
  all: "Continue with recording, analysis and transcript",
  analysis: "Continue with recording and analysis",
  transcript: "Continue with recording and transcript",
  recording: "Continue with recording only",
  none: "Continue without recording",
};

export function createAgree({ room, section, go }) {
  const form = section.querySelector("[data-agree-form]");
  const { recording, analysis, transcript, sharing } = form.elements;
  const parts = PARTS.map((name) => form.elements[name]);
  const submit = form.querySelector("[data-agree-submit]");
  const error = form.querySelector("[data-agree-error]");

  function choice() {
    if (!recording.checked) return "none";
    if (analysis.checked && transcript.checked) return "all";
    if (analysis.checked) return "analysis";
    return transcript.checked ? "transcript" : "recording";
  }

  function show() {
    for (const box of [analysis, transcript, sharing]) {
      box.disabled = !recording.checked;
      if (box.disabled) box.checked = false;
    }
    for (const part of parts) {
      part.disabled = !analysis.checked;
      if (part.disabled) part.checked = false;
    }
    for (const item of section.querySelectorAll("[data-choice]")) {
      const chosen = item.dataset.choice === choice();
      if (chosen) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
    submit.textContent = CONTINUE[choice()];
  }

  form.addEventListener("change", ({ target }) => {
    if (target === analysis) for (const part of parts) part.checked = analysis.checked;
    if (parts.includes(target) && !parts.some((part) => part.checked)) analysis.checked = false;
    show();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    error.hidden = true;
    try {
      await room.answer({
        recording: recording.checked,
        analysis: analysis.checked,
        transcript: transcript.checked,
        sharing: sharing.checked,
        without: PARTS.filter((name) => !form.elements[name].checked),
      });
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
      for (const box of [recording, analysis, transcript]) box.checked = room.agreements[box.name] === true;
      for (const box of [...parts, sharing]) box.checked = room.details[box.name] === true;
      show();
    },
  };
}
