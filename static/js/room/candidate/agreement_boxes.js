/* The boxes of what is agreed to. That of the recording makes the others possible; that of the analysis ticks its three
   parts, each of which can be left out. */
const PARTS = ["face", "eyes", "voice"];

/**
 * @param {object} options
 * @param {import("./room.js").Room} options.room
 * @param {HTMLFormElement} options.form with the boxes, and places for the words beside them
 * @param {() => void} [options.onChange] hears that a box was changed
 */
export function createAgreementBoxes({ room, form, onChange = () => {} }) {
  const box = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  const [recording, analysis, transcript, sharing] = ["recording", "analysis", "transcript", "sharing"].map(box);
  const parts = PARTS.map(box);

  function show() {
    for (const other of [analysis, transcript, sharing]) {
      other.disabled = !recording.checked;
      if (other.disabled) other.checked = false;
    }
    for (const part of parts) {
      part.disabled = !analysis.checked;
      if (part.disabled) part.checked = false;
    }
    onChange();
  }

  form.addEventListener("change", ({ target }) => {
    if (target === analysis) for (const part of parts) part.checked = analysis.checked;
    const isPart = parts.some((part) => part === target);
    if (isPart && !parts.some((part) => part.checked)) analysis.checked = false;
    show();
  });

  return {
    /** Shows the words, and the answers that stand. */
    fill() {
      for (const place of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-statement]"))) {
        place.textContent = room.statements[place.dataset.statement || ""];
      }
      for (const [name, given] of Object.entries(room.agreements)) box(name).checked = given === true;
      for (const one of [...parts, sharing]) one.checked = room.details[one.name] === true;
      show();
    },
    /** What is ticked now: none, recording, transcript, analysis or all. */
    choice() {
      if (!recording.checked) return "none";
      if (analysis.checked && transcript.checked) return "all";
      if (analysis.checked) return "analysis";
      return transcript.checked ? "transcript" : "recording";
    },
    /** The answers as the server takes them. */
    answers() {
      return {
        recording: recording.checked,
        analysis: analysis.checked,
        transcript: transcript.checked,
        sharing: sharing.checked,
        without: PARTS.filter((name) => !box(name).checked),
      };
    },
    /** @param {boolean} on whether the box of the recording stands as it is */
    fixRecording(on) {
      recording.disabled = on;
    },
  };
}
