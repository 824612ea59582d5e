/* The host's own camera and microphone: two switches, a small picture, and a sentence where one is missing. */
import { announce, say, write } from "../../shared/text.js";
import { Devices } from "../media/devices.js";

const KINDS = { camera: "video", microphone: "audio" };
const NAMES = { camera: "Camera", microphone: "Microphone" };

/** `onTrack("audio" | "video", track | null)` hears what is to be sent. */
export function createOwnMedia({ onTrack }) {
  const video = document.getElementById("own-video");
  const corner = document.getElementById("call-own");
  const problem = document.getElementById("media-problem");
  const buttons = new Map();
  for (const button of document.querySelectorAll("[data-device]")) buttons.set(button.dataset.device, button);
  const sent = { camera: null, microphone: null };
  const devices = new Devices({ onChange: draw });
  let isOver = false;

  function draw(kind) {
    if (isOver) return;
    const track = devices.tracks[kind];
    const isOn = Boolean(track) && devices.isOn[kind];
    const button = buttons.get(kind);
    button.disabled = !track;
    button.setAttribute("aria-pressed", String(isOn));
    write(button.querySelector("[data-state]"), isOn ? "on" : "off");
    if (kind === "camera") {
      if (track !== sent.camera) video.srcObject = track ? new MediaStream([track]) : null;
      corner.hidden = !isOn;
    }
    if (track !== sent[kind]) {
      sent[kind] = track;
      onTrack(KINDS[kind], track);
    }
    const sentences = Object.values(devices.problems).filter(Boolean).join(" ");
    say(problem.querySelector("[data-sentence]"), sentences);
    problem.hidden = !sentences;
  }

  for (const [kind, button] of buttons) {
    button.addEventListener("click", () => {
      devices.setOn(kind, !devices.isOn[kind]);
      announce(`${NAMES[kind]} ${devices.isOn[kind] ? "on" : "off"}.`);
    });
  }
  problem.querySelector("[data-retry]").addEventListener("click", () => devices.open());

  return {
    start: () => devices.open(),
    stop() {
      isOver = true;
      devices.close();
      video.srcObject = null;
      corner.hidden = problem.hidden = true;
      for (const button of buttons.values()) button.disabled = true;
    },
  };
}
