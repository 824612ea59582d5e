/* Step 2: is the camera right, is the microphone heard, is the face in the picture? */
import { LevelMeter } from "../media/level.js";
import { createHints } from "./hints.js";
import { createPickers } from "./pickers.js";
import { createPreview } from "./preview.js";
import { missingFeatures } from "./support.js";
import { tick } from "./ticks.js";

const LEVEL_MS = 60;

export function createCheck({ room, section, go, announce }) {
  const find = (name) => section.querySelector(`[data-${name}]`);
  const { devices } = room;
  const showPreview = createPreview(room, section);
  const showPickers = createPickers(room, section);
  const missing = missingFeatures();
  const isHopeless = missing.some(({ needed }) => needed === "call");
  let timer = 0;
  let meter = null;
  let measured = null;
  let isHeard = false;
  let isOpening = false;
  let hint = { face: null, light: null };
  const hints = createHints({
    room,
    section,
    onHint(found) {
      hint = found;
      showTicks();
    },
  });

  async function open() {
    if (isHopeless) return;
    isOpening = true;
    update();
    await devices.open();
    isOpening = false;
    update();
    if (devices.tracks.camera && devices.tracks.microphone) announce("Camera and microphone are open.");
  }

  function showMissing() {
    const list = find("missing");
    const shown = missing.filter(({ needed }) => needed === "call" || room.agreements[needed]);
    list.hidden = shown.length === 0;
    list.replaceChildren(...shown.map(({ sentence }) => Object.assign(document.createElement("li"), { textContent: sentence })));
  }

  function showProblems() {
    for (const place of section.querySelectorAll("[data-problem]")) {
      const sentence = devices.problems[place.dataset.problem];
      if (place.textContent === sentence) continue;
      const line = Object.assign(document.createElement("p"), { className: "field-error", textContent: sentence });
      place.replaceChildren(...(sentence ? [line] : []));
    }
  }

  function showTicks() {
    const { camera, microphone } = devices.tracks;
    tick(section, "camera", camera ? true : isOpening ? null : false, camera ? "Your camera works" : "No picture yet");
    const heard = microphone ? isHeard || null : isOpening ? null : false;
    tick(section, "microphone", heard, heard ? "We hear you" : microphone ? "Say something, to see that you are heard" : "No sound yet");
    const face = camera ? hint.face : null;
    const words = { true: "Your face is well in the picture", false: "Look at the advice in the picture", null: room.agreements.analysis ? "Looking for your face …" : "Place your face in the middle of the picture" };
    tick(section, "face", face, words[face]);
    const light = camera ? hint.light : null;
    tick(section, "light", light, { true: "The light is good", false: "The light could be better", null: "Checking the light …" }[light]);
  }

  function showNext() {
    const { camera, microphone } = devices.tracks;
    const next = find("next");
    next.disabled = isOpening || !(camera || microphone);
    next.textContent = next.disabled || (camera && microphone) ? "Continue" : camera ? "Continue without a microphone" : "Continue without a camera";
    const help = isOpening || (camera && microphone) ? "" : camera ? "The others will see you, but not hear you." : microphone ? "The others will hear you, but not see you; nothing of your face can be analysed." : "";
    find("next-help").textContent = help;
    find("again").hidden = isOpening || isHopeless || Boolean(camera && microphone);
  }

  function showLevel() {
    if (measured !== devices.tracks.microphone) {
      measured = devices.tracks.microphone;
      isHeard = false;
      meter = measured && room.context ? meter || new LevelMeter(room.context) : meter;
      meter?.follow(measured);
    }
    if (!meter) return;
    if (room.context.state === "suspended") room.context.resume();
    const { share, isHeard: now } = meter.read();
    find("level").value = share;
    if (now && !isHeard) {
      isHeard = true;
      find("heard").textContent = "You are heard.";
      showTicks();
    }
  }

  function update() {
    showPreview();
    find("preview-empty").textContent = isOpening
      ? "The camera is being opened …"
      : devices.isOn.camera ? "No picture from a camera." : "Your camera is off.";
    showPickers();
    showProblems();
    showTicks();
    showNext();
  }

  find("next").addEventListener("click", () => {
    const useful = room.agreements.analysis && devices.tracks.camera && !room.calibration.calibrated;
    go(useful ? "calibrate" : "wait");
  });
  find("back").addEventListener("click", () => go("agree"));
  find("again").addEventListener("click", open);

  return {
    enter() {
      showMissing();
      hints.start();
      timer = setInterval(showLevel, LEVEL_MS);
      if (devices.tracks.camera && devices.tracks.microphone) update();
      else open();
    },
    update,
    leave() {
      hints.stop();
      clearInterval(timer);
    },
  };
}
