/* Step 2: is the camera right, is the microphone heard, is the face in the picture? */
import { errorLine } from "../../shared/form_errors.js";
import { announce } from "../../shared/text.js";
import { LevelMeter } from "../media/level.js";
import { createHints } from "./hints.js";
import { createPickers } from "./pickers.js";
import { createPreview } from "./preview.js";
import { createStatusLines } from "./status_lines.js";
import { missingFeatures } from "./support.js";

const LEVEL_MS = 60;
const FACE_WORDS = { true: "Your face is well in the picture", false: "Look at the advice in the picture" };
const LOOKING = "Looking for your face …";
const PLACE_YOURSELF = "Place your face in the middle of the picture";
const LIGHT_WORDS = {
  true: "The light is good",
  false: "The light could be better",
  null: "Checking the light …",
};

export function createCheck({ room, section, go }) {
  const find = (name) => section.querySelector(`[data-${name}]`);
  const { devices } = room;
  const showPreview = createPreview(room, section);
  const showStatus = createStatusLines(section);
  const showPickers = createPickers(room, section);
  const missing = missingFeatures();
  const isHopeless = missing.some(({ needed }) => needed === "call");
  let timer = 0;
  /** @type {LevelMeter | null} */
  let meter = null;
  /** @type {MediaStreamTrack | null} */
  let measured = null;
  let isHeard = false;
  let isOpening = false;
  let hint = { face: null, light: null };
  const hints = createHints({
    room,
    section,
    onHint(found) {
      hint = found;
      showStatusLines();
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
    list.replaceChildren(
      ...shown.map(({ sentence }) => Object.assign(document.createElement("li"), { textContent: sentence })),
    );
  }

  function showProblems() {
    for (const place of section.querySelectorAll("[data-problem]")) {
      const sentence = devices.problems[place.dataset.problem];
      if (place.textContent === sentence) continue;
      place.replaceChildren(...(sentence ? [errorLine(sentence)] : []));
    }
  }

  function showStatusLines() {
    const { camera, microphone } = devices.tracks;
    const notThere = isOpening ? null : false;
    showStatus("camera", camera ? true : notThere, camera ? "Your camera works" : "No picture yet");
    const unheard = microphone ? "Say something, to see that you are heard" : "No sound yet";
    showStatus("microphone", microphone ? isHeard || null : notThere, microphone && isHeard ? "We hear you" : unheard);
    const face = camera ? hint.face : null;
    showStatus("face", face, FACE_WORDS[String(face)] ?? (room.agreements.analysis ? LOOKING : PLACE_YOURSELF));
    const light = camera ? hint.light : null;
    showStatus("light", light, LIGHT_WORDS[String(light)]);
  }

  function nextHelp({ camera, microphone }) {
    if (isOpening || (camera && microphone)) return "";
    if (camera) return "The others will see you, but not hear you.";
    if (microphone) return "The others will hear you, but not see you; nothing of your face can be analysed.";
    return "";
  }

  function nextWords({ camera, microphone }) {
    if (isOpening || Boolean(camera) === Boolean(microphone)) return "Continue";
    return camera ? "Continue without a microphone" : "Continue without a camera";
  }

  function showNext() {
    const { camera, microphone } = devices.tracks;
    find("next").disabled = isOpening || !(camera || microphone);
    find("next").textContent = nextWords(devices.tracks);
    find("next-help").textContent = nextHelp(devices.tracks);
    find("again").hidden = isOpening || isHopeless || Boolean(camera && microphone);
  }

  function showLevel() {
    if (measured !== devices.tracks.microphone) {
      measured = devices.tracks.microphone;
      isHeard = false;
      if (measured && room.context) meter ??= new LevelMeter(room.context);
      meter?.follow(measured);
    }
    if (!meter) return;
    if (room.context?.state === "suspended") room.context.resume();
    const { share, isHeard: now } = meter.read();
    find("level").value = share;
    if (now && !isHeard) {
      isHeard = true;
      find("heard").textContent = "You are heard.";
      showStatusLines();
    }
  }

  function update() {
    showPreview();
    find("preview-empty").textContent = isOpening
      ? "The camera is being opened …"
      : devices.isOn.camera ? "No picture from a camera." : "Your camera is off.";
    showPickers();
    showProblems();
    showStatusLines();
    showNext();
  }

  find("next").addEventListener("click", () => {
    const useful = room.details.eyes && devices.tracks.camera && !room.calibration.calibrated;
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
