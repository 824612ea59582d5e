// What travels over the two sockets of a live room: the browser's half of analysis/live/protocol.py, which explains it.
// Between the two marks stands plain JSON; a test compares it with the server's, word for word.

export const CONTRACT = /* contract */ {
  "version": 1,
  "kinds": {
    "frame": 1,
    "audio": 2
  },
  "header_bytes": 16,
  "string_length": 2000,
  "limits": {
    "frame_bytes": 262144,
    "frame_width": 640,
    "audio_bytes": 32768,
    "audio_ms": 100,
    "lowest_rate_hz": 8000,
    "highest_rate_hz": 96000,
    "text_bytes": 65536,
    "max_in_flight": 2,
    "min_fps": 2,
    "max_fps": 15,
    "ping_ms": 2000,
    "idle_ms": 15000,
    "shown_age_ms": 2000
  },
  "close_codes": {
    "4400": {
      "name": "protocol_error",
      "reconnect": false,
      "sentence": "This page and the server do not understand each other. Reload the page."
    },
    "4401": {
      "name": "not_allowed",
      "reconnect": false,
      "sentence": "You may no longer be in this room. Log in again, or ask for a new invitation."
    },
    "4404": { "name": "no_room", "reconnect": false, "sentence": "This room no longer exists." },
    "4408": {
      "name": "idle",
      "reconnect": true,
      "sentence": "The connection was too slow or silent, and was closed."
    },
    "4409": {
      "name": "taken_over",
      "reconnect": false,
      "sentence": "The interview goes on in another tab or on another device. You can close this one."
    },
    "4410": { "name": "ended", "reconnect": false, "sentence": "The interview has ended." },
    "4413": {
      "name": "too_large",
      "reconnect": false,
      "sentence": "A message was larger than the server accepts."
    },
    "4429": {
      "name": "too_fast",
      "reconnect": true,
      "sentence": "This page sent faster than the server accepts."
    }
  },
  "shapes": {
    "Participant": { "participant": "string", "name": "string" },
    "Presence": { "host": "Participant?", "observers": "[Participant]", "candidate": "Participant?" },
    "Room": {
      "status": "waiting|live|ended|stored|unrecorded|failed",
      "opened": "boolean",
      "blind": "boolean",
      "recording_started_ms": "number?"
    },
    "Analysis": {
      "state": "starting|on|paused|off|overloaded|interrupted",
      "sentence": "string",
      "fps": "integer",
      "audio": "boolean"
    },
    "Agreements": { "recording": "boolean?", "analysis": "boolean?", "transcript": "boolean?" },
    "Calibration": { "calibrated": "boolean", "error_degrees": "number?" },
    "Media": {
      "camera": "boolean",
      "microphone": "boolean",
      "recording": "boolean",
      "analysis_paused": "boolean",
      "visible": "boolean"
    },
    "Candidate": {
      "agreements": "Agreements",
      "calibration": "Calibration",
      "media": "Media?",
      "stage": "string?"
    },
    "IceServer": { "urls": "[string]", "username": "string?", "credential": "string?" },
    "Read": {
      "available": "boolean",
      "reason": "string",
      "label": "string?",
      "confidence": "number?",
      "probabilities": "{number}",
      "window": "[number]?"
    },
    "Metric": { "value": "number?", "reason": "string", "coverage": "number?" },
    "Distribution": {"shares": "{number}", "counts": "{integer}", "coverage": "number", "observed_s": "number"},
    "Metrics": {"at_s": "number", "values": "{Metric}", "distributions": "{Distribution}"},
    "CandidateState": {
      "room": "Room",
      "presence": "Presence",
      "analysis": "Analysis",
      "agreements": "Agreements",
      "calibration": "Calibration"
    },
    "RecruiterState": {
      "room": "Room",
      "presence": "Presence",
      "analysis": "Analysis?",
      "candidate": "Candidate?",
      "metrics": "Metrics?"
    }
  },
  "messages": {
    "from_candidate": {
      "hello": { "protocol": "integer", "tab": "string", "sent_ms": "number" },
      "stage": { "stage": "check|calibration|waiting|call" },
      "media": { "media": "Media" },
      "leave": {},
      "ping": { "sent_ms": "number", "rtt_ms": "number?" },
      "signal": { "to": "string", "data": "object" }
    },
    "to_candidate": {
      "welcome": {
        "protocol": "integer",
        "participant": "string",
        "server_ms": "number",
        "ice_servers": "[IceServer]",
        "limits": "{integer}",
        "state": "CandidateState"
      },
      "frame_ack": { "sequence": "integer", "analysed": "boolean" },
      "audio_ack": { "sequence": "integer", "lost": "integer" },
      "hints": {
        "sequence": "integer",
        "face": "none|one|several",
        "framing": "good|far|near|left|right|high|low|unknown",
        "light": "good|dark|bright|backlit|unknown",
        "sentence": "string"
      },
      "gaze": { "sequence": "integer", "iris": "[number]", "head": "[number]", "openness": "number" },
      "calibration": { "calibration": "Calibration" },
      "taken_over": { "sentence": "string" },
      "pong": { "sent_ms": "number", "server_ms": "number" },
      "presence": { "presence": "Presence" },
      "signal": { "from": "string", "data": "object" },
      "room": { "room": "Room" },
      "analysis": { "analysis": "Analysis" },
      "ended": { "sentence": "string" },
      "error": { "code": "bad_message|bad_frame|bad_audio|nobody_there|internal", "sentence": "string" }
    },
    "from_recruiter": {
      "hello": { "protocol": "integer", "sent_ms": "number" },
      "picture": { "wanted": "boolean" },
      "ping": { "sent_ms": "number", "rtt_ms": "number?" },
      "signal": { "to": "string", "data": "object" }
    },
    "to_recruiter": {
      "welcome": {
        "protocol": "integer",
        "participant": "string",
        "server_ms": "number",
        "ice_servers": "[IceServer]",
        "limits": "{integer}",
        "role": "host|observer",
        "state": "RecruiterState"
      },
      "reading": {
        "sequence": "integer",
        "captured_ms": "number",
        "age_ms": "number",
        "faces": "integer?",
        "modalities": "{Read}",
        "models": "{string}"
      },
      "metrics": { "metrics": "Metrics" },
      "candidate": { "candidate": "Candidate" },
      "changed": { "what": "questions|prepared_questions|notes" },
      "pong": { "sent_ms": "number", "server_ms": "number" },
      "presence": { "presence": "Presence" },
      "signal": { "from": "string", "data": "object" },
      "room": { "room": "Room" },
      "analysis": { "analysis": "Analysis" },
      "ended": { "sentence": "string" },
      "error": { "code": "bad_message|bad_frame|bad_audio|nobody_there|internal", "sentence": "string" }
    }
  }
} /* end of contract */;

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

/** A text message as it is sent; `direction` is "from_candidate" or "from_recruiter". */
export function textMessage(direction, type, fields = {}) {
  const message = { type, ...fields };
  const problem = problemOf(message, direction, true);
  if (problem) throw new ProtocolError(problem);
  return JSON.stringify(message);
}

/** A received text message, checked; `direction` is "to_candidate" or "to_recruiter". Throws ProtocolError. */
export function readMessage(direction, text) {
  let message;
  try {
    message = JSON.parse(text);
  } catch {
    throw new ProtocolError("a message is not JSON");
  }
  const problem = problemOf(message, direction, false);
  if (problem) throw new ProtocolError(problem);
  return message;
}

/** What a closed socket means: {name, reconnect, sentence}; codes that are not ours are lost connections. */
export function closeMeaning(code) {
  return CONTRACT.close_codes[code] ?? { name: "lost", reconnect: true, sentence: "The connection was lost." };
}

/** What is wrong with a message; empty when nothing is. The server refuses unknown fields, we ignore them. */
function problemOf(message, direction, strict) {
  if (!isObject(message) || typeof message.type !== "string") return "a message is not an object with a type";
  const fields = CONTRACT.messages[direction][message.type];
  if (!fields) return `there is no message '${message.type}' in ${direction}`;
  const { type, ...values } = message;
  return problemOfFields(values, fields, type, strict);
}

function problemOfFields(values, fields, where, strict) {
  const unknown = strict && Object.keys(values).find((name) => !(name in fields));
  if (unknown) return `${where} has no field '${unknown}'`;
  for (const [name, type] of Object.entries(fields)) {
    const problem = problemOfValue(values[name] ?? null, type, `${where}.${name}`, strict);
    if (problem) return problem;
  }
  return "";
}

function problemOfValue(value, type, where, strict) {
  if (type.endsWith("?")) return value === null ? "" : problemOfValue(value, type.slice(0, -1), where, strict);
  if (type in CONTRACT.shapes) {
    return isObject(value) ? problemOfFields(value, CONTRACT.shapes[type], where, strict) : `${where} is no object`;
  }
  if (type.startsWith("[")) return problemOfItems(Array.isArray(value) && value, type, where, strict);
  if (type.startsWith("{")) return problemOfItems(isObject(value) && Object.values(value), type, where, strict);
  const fits = type.includes("|") ? type.split("|").includes(value) : IS[type](value);
  return fits ? "" : `${where} is not ${type}`;
}

function problemOfItems(items, type, where, strict) {
  if (!items) return `${where} is not ${type}`;
  const inner = type.slice(1, -1);
  for (const item of items) {
    const problem = problemOfValue(item, inner, where, strict);
    if (problem) return problem;
  }
  return "";
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

const IS = {
  string: (value) => typeof value === "string" && value.length <= CONTRACT.string_length,
  integer: Number.isSafeInteger,
  number: Number.isFinite,
  boolean: (value) => typeof value === "boolean",
  object: isObject,
};

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
