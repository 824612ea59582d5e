/* The messages of the live sockets. The server writes the contract into the page, made from the types of its messages
 * (analysis/live/contract.py); analysis/live/protocol.py explains it. */
import { problemOf } from "./schema.js";

const CONTRACT = JSON.parse(document.getElementById("room-protocol").textContent);
export const { version: VERSION, limits: LIMITS } = CONTRACT;
const { frame: FRAME, audio: AUDIO } = CONTRACT.kinds;

/** Something that the protocol does not allow; its message is a sentence for the console, not for people. */
export class ProtocolError extends Error {}

/** A frame as it is sent. `jpeg` is an ArrayBuffer; `capturedMs` this browser's epoch milliseconds. */
export function frameMessage(sequence, capturedMs, jpeg) {
  if (jpeg.byteLength > LIMITS.frame_bytes) throw new ProtocolError(`a frame of ${jpeg.byteLength} bytes is too large`);
  return binaryMessage(FRAME, 0, sequence, capturedMs, new Uint8Array(jpeg));
}

/** A chunk of sound as it is sent. `samples` is an Int16Array of one channel; `rateHz` a multiple of 100. */
export function audioMessage(sequence, capturedMs, rateHz, samples) {
  if (rateHz % 100 || rateHz < LIMITS.lowest_rate_hz || rateHz > LIMITS.highest_rate_hz) {
    throw new ProtocolError(`a sample rate of ${rateHz} Hz cannot be sent`);
  }
  if (samples.byteLength > LIMITS.audio_bytes) throw new ProtocolError("a chunk of sound is too long");
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  return binaryMessage(AUDIO, rateHz / 100, sequence, capturedMs, bytes);
}

/** The header of a binary message, for tests and for the curious. */
export function readHeader(buffer) {
  const view = new DataView(buffer);
  return {
    kind: view.getUint8(0),
    version: view.getUint8(1),
    rateHz: view.getUint16(2, true) * 100,
    sequence: view.getUint32(4, true),
    capturedMs: view.getFloat64(8, true),
  };
}

/** A text message as it is sent, checked: unknown fields are refused, as the server does. */
export function textMessage(type, fields = {}) {
  const message = { type, ...fields };
  check(message, CONTRACT.sent, true);
  return JSON.stringify(message);
}

/** A received text message, checked; unknown fields are ignored. Throws ProtocolError. */
export function readMessage(text) {
  let message;
  try {
    message = JSON.parse(text);
  } catch {
    throw new ProtocolError("a message is not JSON");
  }
  check(message, CONTRACT.received, false);
  return message;
}

/** What a closed socket means: {name, reconnect, sentence}; codes that are not ours are lost connections. */
export function closeMeaning(code) {
  return CONTRACT.close_codes[code] ?? { name: "lost", reconnect: true, sentence: "The connection was lost." };
}

/** `schemas`: the name of the schema for each type of message. */
function check(message, schemas, isStrict) {
  const name = Object.hasOwn(schemas, message?.type) ? schemas[message.type] : "";
  if (!name) throw new ProtocolError(`there is no message '${message?.type}' here`);
  const problem = problemOf(message, { $ref: name }, { schemas: CONTRACT.schemas, isStrict, where: message.type });
  if (problem) throw new ProtocolError(problem);
}

function binaryMessage(kind, parameter, sequence, capturedMs, payload) {
  const message = new Uint8Array(CONTRACT.header_bytes + payload.byteLength);
  const view = new DataView(message.buffer);
  view.setUint8(0, kind);
  view.setUint8(1, VERSION);
  view.setUint16(2, parameter, true);
  view.setUint32(4, sequence, true);
  view.setFloat64(8, capturedMs, true);
  message.set(payload, CONTRACT.header_bytes);
  return message.buffer;
}
