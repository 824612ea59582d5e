/* What every part of the room's page shares: what the server told it, and the words for it. */
import { clock } from "../../shared/format.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);

export const config = read("room-config");
export const words = read("live-words");
export const isHost = config.role === "host";

const alerts = document.getElementById("room-alerts");

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

/** A second of the room's clock; notes written outside the recording have none. */
export function roomTime(atS) {
  return atS === null ? "–" : clock(atS);
}

/** The name and tone of a label of a modality. */
export function labelled(modality, label) {
  if (modality === "eye_gaze") return words.gaze[label] || { name: "blink, or eyes not readable", tone: "unmeasured" };
  return words.emotions[label] || { name: label, tone: "neutral" };
}
