/* What this browser must be able to do, and what it means when it cannot. */
import { recordingFormat } from "../media/recorder.js";

const NEWER = "Use a current Chrome, Edge, Firefox or Safari.";

/** needed: "call" (nothing works without), "recording" or "analysis" (only that is missing then). */
const FEATURES = [
  ["call", () => isSecureContext, "Camera and microphone only work on a secure address (https). Ask for a link that begins with https."],
  ["call", () => navigator.mediaDevices?.getUserMedia, `This browser gives pages no camera or microphone. ${NEWER}`],
  ["call", () => globalThis.RTCPeerConnection, `This browser cannot make calls. ${NEWER}`],
  ["call", () => globalThis.WebSocket && globalThis.crypto?.randomUUID, `This browser is too old for the connection that a call needs. ${NEWER}`],
  ["recording", () => globalThis.MediaRecorder && recordingFormat(), `This browser cannot record, so the interview could not be recorded. ${NEWER}`],
  ["recording", () => globalThis.indexedDB && navigator.locks && crypto?.subtle, `This browser cannot keep the recording safe until it has been sent. ${NEWER}`],
  ["analysis", () => globalThis.AudioContext && globalThis.AudioWorkletNode, `This browser cannot pass on sound for the analysis while you speak; your voice is analysed from the recording afterwards. ${NEWER}`],
  ["analysis", () => HTMLCanvasElement.prototype.toBlob, `This browser cannot pass on pictures for the analysis; they are analysed from the recording afterwards. ${NEWER}`],
];

/** [{needed, sentence}] of everything that is missing; empty on a current browser. */
export function missingFeatures() {
  return FEATURES.filter(([, isThere]) => !isThere()).map(([needed, , sentence]) => ({ needed, sentence }));
}
