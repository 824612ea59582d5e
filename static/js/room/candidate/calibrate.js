/* Step 3: nine dots; skippable, stoppable, repeatable. */
import { api } from "../../shared/api.js";
import { announce } from "../../shared/text.js";
import { nowMs } from "../clock.js";
import { Looks, TARGETS, placeOf } from "./dots.js";

const LOOK_MS = 50;
const NO_EYES =
  "Your eyes could not be read. " +
  "Check the light and that your face is in the picture, then try again; or skip this.";

/** A calibration in the words of both sides: "Calibrated, about 3 degrees". */
export function calibrationWords({ calibrated, error_degrees: error }) {
  if (!calibrated) return "Not calibrated";
  return `Calibrated, about ${Math.max(1, Math.round(error))} degree${Math.round(error) > 1 ? "s" : ""}`;
}

export function createCalibrate({ room, section, go }) {
  const find = (name) => section.querySelector(`[data-${name}]`);
  const dots = find("dots");
  const dot = find("dot");
  const start = find("start");
  let looks = new Looks();
  let isShowing = false;
  let timer = 0;
  let at = 0;

  room.on("sent", (frame) => isShowing && looks.sent(frame));
  room.on("gaze", (gaze) => isShowing && looks.read(gaze));

  function tell(sentence, kind) {
    const result = find("result");
    result.className = `notice notice-${kind}`;
    result.firstElementChild.textContent = sentence;
    result.hidden = false;
  }

  function showDot() {
    const place = placeOf(TARGETS[at]);
    dot.style.left = `${place.left}%`;
    dot.style.top = `${place.top}%`;
    find("dots-words").textContent = `Dot ${at + 1} of ${TARGETS.length}`;
    looks.show(TARGETS[at], nowMs());
  }

  function begin() {
    find("result").hidden = true;
    looks = new Looks();
    isShowing = true;
    at = 0;
    dots.hidden = false;
    dots.focus();
    showDot();
    timer = setInterval(look, LOOK_MS);
  }

  function look() {
    if (!looks.isDone(nowMs())) return;
    at += 1;
    if (at < TARGETS.length) showDot();
    else finish();
  }

  function stop() {
    clearInterval(timer);
    isShowing = false;
    dots.hidden = true;
  }

  async function finish() {
    const { samples } = looks;
    stop();
    start.disabled = true;
    start.focus();
    tell("One moment …", "info");
    try {
      if (!samples.length) return failed(NO_EYES);
      const answer = await api("PUT", room.config.api.calibration, { samples });
      if (answer.sentence) return failed(answer.sentence);
      room.changed({ calibration: answer });
      announce(`${calibrationWords(answer)}.`);
      go("wait");
    } catch (problem) {
      failed(problem.message);
    } finally {
      start.disabled = false;
    }
  }

  function failed(sentence) {
    tell(sentence, "warning");
    start.textContent = "Try again";
    find("skip").textContent = "Continue without calibration";
  }

  start.addEventListener("click", begin);
  find("skip").addEventListener("click", () => go("wait"));
  find("back").addEventListener("click", () => go("check"));
  function breakOff() {
    stop();
    start.focus();
    tell("Stopped. Start again whenever you like, or skip this.", "info");
  }

  dots.addEventListener("click", breakOff);
  dots.addEventListener("keydown", (event) => {
    if (event.key === "Escape") breakOff();
    if (event.key === "Tab") event.preventDefault(); // there is nothing else to reach while the dots are shown
  });

  return {
    update() {
      const { state, sentence } = room.analysis;
      if (["off", "overloaded"].includes(state) && sentence && find("result").hidden) tell(sentence, "warning");
    },
    leave: stop,
  };
}
