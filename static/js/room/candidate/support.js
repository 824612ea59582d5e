/* What this browser must be able to do, and what it means when it cannot. */
import { recordingFormat } from "../media/recorder.js";

const NEWER = "Use a current Chrome, Edge, Firefox or Safari.";
const INSECURE =
  "Camera and microphone only work on a secure address (https). Ask for a link that begins with https.";
const NO_CONNECTION = `This browser is too old for the connection that a call needs. ${NEWER}`;
const NO_RECORDER = `This browser cannot record, so the interview could not be recorded. ${NEWER}`;
const NO_STORE = `This browser cannot keep the recording safe until it has been sent. ${NEWER}`;
const NO_SOUND =
  "This browser cannot pass on sound for the analysis while you speak; " +
  `your voice is analysed from the recording afterwards. ${NEWER}`;
const NO_PICTURES =
  "This browser cannot pass on pictures for the analysis; " +
  `they are analysed from the recording afterwards. ${NEWER}`;

/**
 * needed: "call" (nothing works without), "recording" or "analysis" (only that is missing then).
 * @type {[needed: "call" | "recording" | "analysis", isThere: () => unknown, sentence: string][]}
 */
const FEATURES = [
  ["call", () => isSecureContext, INSECURE],
  ["call", () => navigator.mediaDevices?.getUserMedia, `This browser gives pages no camera or microphone. ${NEWER}`],
  ["call", () => globalThis.RTCPeerConnection, `This browser cannot make calls. ${NEWER}`],
  ["call", () => globalThis.WebSocket && globalThis.crypto?.randomUUID, NO_CONNECTION],
  ["recording", () => globalThis.MediaRecorder && recordingFormat(), NO_RECORDER],
  ["recording", () => globalThis.indexedDB && navigator.locks && crypto?.subtle, NO_STORE],
  ["analysis", () => globalThis.AudioContext && globalThis.AudioWorkletNode, NO_SOUND],
  ["analysis", () => HTMLCanvasElement.prototype.toBlob, NO_PICTURES],
];

/** [{needed, sentence}] of everything that is missing; empty on a current browser. */
export function missingFeatures() {
  return FEATURES.filter(([, isThere]) => !isThere()).map(([needed, , sentence]) => ({ needed, sentence }));
}
