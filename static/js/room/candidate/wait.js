/* Step 4: ready, until the host opens the door. */
import { confirmWith } from "../../report/dialogs.js";
import { calibrationWords } from "./calibrate.js";
import { createHints } from "./hints.js";
import { createPreview } from "./preview.js";
import { tick } from "./ticks.js";

export function createWait({ room, section, go, announce }) {
  const showPreview = createPreview(room, section);
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
    const { agreements, calibration, devices } = room;
    tick(section, "recording", agreements.recording, agreements.recording ? "Recording: on from the start, you can pause it" : "No recording");
    tick(section, "analysis", agreements.analysis, agreements.analysis ? "Analysis: on from the start, you can pause it" : "No analysis");
    tick(section, "transcript", agreements.transcript, agreements.transcript ? "Transcript: made from the recording afterwards" : "No transcript");
    tick(section, "calibration", agreements.analysis ? calibration.calibrated || null : null, agreements.analysis ? `Gaze: ${calibrationWords(calibration).toLowerCase()}` : "No gaze calibration needed");
    const heard = devices.tracks.microphone && !devices.problems.microphone;
    tick(section, "microphone", Boolean(heard), heard ? "Microphone works" : devices.problems.microphone || "No microphone: the others will not hear you");
  }

  for (const button of section.querySelectorAll("[data-go]")) button.addEventListener("click", () => go(button.dataset.go));
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
