/* Step 4: ready, until the host opens the door. */
import { confirmWith } from "../../shared/dialogs.js";
import { announce } from "../../shared/text.js";
import { calibrationWords } from "./calibrate.js";
import { createHints } from "./hints.js";
import { createPreview } from "./preview.js";
import { createStatusLines } from "./status_lines.js";

const NO_MICROPHONE = "No microphone: the others will not hear you";
const AGREED_WORDS = {
  recording: { yes: "Recording: on from the start, you can pause it", no: "No recording" },
  analysis: { yes: "Analysis: on from the start, you can pause it", no: "No analysis" },
  transcript: { yes: "Transcript: made from the recording afterwards", no: "No transcript" },
};

export function createWait({ room, section, go }) {
  const showPreview = createPreview(room, section);
  const showStatus = createStatusLines(section);
  const hints = createHints({ room, section, onHint: () => {} });
  const name = room.config.interviewer_name;
  let words = "";

  function showHost() {
    const now = room.presence.host
      ? `${name} is here and will let you in.`
      : `Please wait: ${name} will let you in. You need not do anything.`;
    if (now === words) return;
    if (words) announce(now);
    words = now;
    section.querySelector("[data-host-words]").textContent = now;
  }

  function update() {
    if (room.status === "live") {
      announce(`${name} has let you in. The interview starts.`);
      go("call");
      return;
    }
    showPreview();
    showHost();
    showStatusLines();
  }

  function showStatusLines() {
    const { agreements, calibration, devices } = room;
    for (const [what, { yes, no }] of Object.entries(AGREED_WORDS)) {
      showStatus(what, agreements[what], agreements[what] ? yes : no);
    }
    const gaze = `Gaze: ${calibrationWords(calibration).toLowerCase()}`;
    if (agreements.analysis) showStatus("calibration", calibration.calibrated || null, gaze);
    else showStatus("calibration", null, "No gaze calibration needed");
    const problem = devices.problems.microphone || (devices.tracks.microphone ? "" : NO_MICROPHONE);
    showStatus("microphone", !problem, problem || "Microphone works");
  }

  for (const button of section.querySelectorAll("[data-go]")) {
    button.addEventListener("click", () => go(button.dataset.go));
  }
  section.querySelector("[data-leave]").addEventListener("click", () =>
    confirmWith(document.getElementById("leave-dialog"), async () => {
      await room.leave();
      go("after");
    }),
  );

  return {
    enter() {
      hints.start();
      update();
    },
    update,
    leave: () => hints.stop(),
  };
}
