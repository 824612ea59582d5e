/* What to do about framing and light: the server's word where frames are analysed, our own eyes for the light else. */
import { SENTENCES, lightIn } from "./light.js";

const EVERY_MS = 600;
const OLD_MS = 3000;

/** `onHint({face, light, sentence})` about the preview of `section`, where face and light are true, false or null. */
export function createHints({ room, section, onHint }) {
  const video = section.querySelector("[data-preview]");
  const place = section.querySelector("[data-hint]");
  let timer = 0;
  let heardMs = -Infinity;

  function show(hint) {
    if (place.textContent !== hint.sentence) place.textContent = hint.sentence;
    place.hidden = !hint.sentence;
    onHint(hint);
  }

  function look() {
    if (performance.now() - heardMs < OLD_MS) return;
    const light = room.devices.tracks.camera ? lightIn(video) : "";
    show({ face: null, light: light ? light === "good" : null, sentence: SENTENCES[light] || "" });
  }

  room.on("hints", ({ face, framing, light, sentence }) => {
    if (!timer) return;
    heardMs = performance.now();
    const isLit = light === "unknown" ? null : light === "good";
    show({ face: face === "one" && framing === "good", light: isLit, sentence });
  });

  return {
    start() {
      timer = setInterval(look, EVERY_MS);
    },
    stop() {
      clearInterval(timer);
      timer = 0;
      heardMs = -Infinity;
    },
  };
}
