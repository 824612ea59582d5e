/* What every part of the room's page shares: what the server told it, how it speaks, how fields are written. */
import { clock } from "../../format.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);

export const config = read("room-config");
export const words = read("live-words");
export const isHost = config.role === "host";

const announcer = document.getElementById("announcer");
const alerts = document.getElementById("room-alerts");

/** Says a change of state once to people who do not see it. Readings are never announced. */
export function announce(sentence) {
  announcer.textContent = "";
  setTimeout(() => (announcer.textContent = sentence), 50); // the same sentence twice would not be spoken
}

/** Shows a problem above everything; an empty sentence takes it away. `kind`: warning | error. */
export function alertWith(sentence, kind = "warning") {
  if (!sentence) return alerts.replaceChildren();
  const notice = document.createElement("div");
  const line = document.createElement("p");
  notice.className = `notice notice-${kind}`;
  line.textContent = sentence;
  notice.append(line);
  alerts.replaceChildren(notice);
}

/** Writes a sentence into an element that is hidden while there is none. */
export function say(element, sentence) {
  element.textContent = sentence;
  element.hidden = !sentence;
}

/** Writes text only where it changed, so that nothing is painted or read again for nothing. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A second of the room's clock; notes written outside the recording have none. */
export function roomTime(atS) {
  return atS === null ? "–" : clock(atS);
}

/** The name and tone of a label of a modality. */
export function labelled(modality, label) {
  if (modality === "eye_gaze") return words.gaze[label] || { name: label, tone: "unmeasured" };
  return { name: label, tone: words.tones[label] || "neutral" };
}
