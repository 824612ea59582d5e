/* Camera and microphone: opened, chosen, lost and found again; every trouble is a sentence. */

const KINDS = {
  camera: {
    input: "videoinput",
    track: "video",
    wish: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } },
  },
  microphone: {
    input: "audioinput",
    track: "audio",
    wish: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  },
};
/** @typedef {keyof typeof KINDS} Kind */

const NAMES = /** @type {Kind[]} */ (Object.keys(KINDS));
const REMEMBERED = "candor.room.devices";

/** Why a camera or microphone could not be opened, and what the person can do about it. */
export function deviceSentence(kind, error) {
  const the = `The ${kind}`;
  switch (error.name) {
    case "NotAllowedError":
      return /system/i.test(error.message)
        ? `${the} is blocked by the system settings of this device. Allow it there for this browser, then try again.`
        : `${the} is blocked for this page. Allow it beside the address of this page, then try again.`;
    case "NotFoundError":
      return `No ${kind} was found. Connect one, then try again.`;
    case "NotReadableError":
    case "AbortError":
      return `${the} cannot be used just now; another program may be using it. Close that program, then try again.`;
    default:
      return `${the} could not be opened (${error.name}). Try another one, or another browser.`;
  }
}

/** What is shown when a device that worked has gone. */
export function lostSentence(kind) {
  const effect = kind === "camera" ? "The call goes on with sound" : "The others cannot hear you";
  const cause = "it was unplugged, or another program has taken it";
  return `The ${kind} is gone: ${cause}. ${effect}; connect it again or choose another.`;
}

export const MUTED_SENTENCE =
  "The microphone is muted by the system or by a switch on the device. Unmute it there; the others cannot hear you.";

/**
 * Both devices of this page. `tracks.camera` and `tracks.microphone` are live tracks or null; `problems` has a sentence
 * where one is missing; `isOn` says whether its sound or picture is let through. 
 */
export class Devices {
  /** @param {{onChange: (kind: Kind) => void}} options hears every change */
  constructor({ onChange }) {
    this.onChange = onChange;
    /** @type {Record<Kind, MediaStreamTrack | null>} */
    this.tracks = { camera: null, microphone: null };
    this.problems = { camera: "", microphone: "" };
    this.isOn = { camera: true, microphone: true };
    /** @type {Record<Kind, MediaDeviceInfo[]>} */
    this.lists = { camera: [], microphone: [] };
    this.chosen = remembered();
    this.reopening = null;
    this.plugged = () => this.listAndRecover();
  }

  /** Asks for both at once: one question of the browser instead of two. */
  async open() {
    navigator.mediaDevices.addEventListener("devicechange", this.plugged);
    try {
      const wish = { video: this.wish("camera"), audio: this.wish("microphone") };
      const stream = await navigator.mediaDevices.getUserMedia(wish);
      this.take("camera", stream.getVideoTracks()[0]);
      this.take("microphone", stream.getAudioTracks()[0]);
    } catch {
      // One of them failed, and the browser does not say which.
      await this.openOne("camera");
      await this.openOne("microphone");
    }
    await this.list();
  }

  async openOne(kind) {
    const { track } = KINDS[kind];
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ [track]: this.wish(kind) });
      this.take(kind, stream.getTracks()[0]);
    } catch (error) {
      this.problems[kind] = deviceSentence(kind, error);
      this.onChange(kind);
    }
  }

  /** Another camera or microphone. The old one keeps working when the new one cannot be opened. */
  async choose(kind, deviceId) {
    this.chosen[kind] = deviceId;
    remember(this.chosen);
    await this.openOne(kind);
    await this.list();
  }

  setOn(kind, on) {
    this.isOn[kind] = on;
    if (this.tracks[kind]) this.tracks[kind].enabled = on;
    this.onChange(kind);
  }

  /** Both devices are let go: the lamp of the camera goes out. */
  close() {
    navigator.mediaDevices?.removeEventListener("devicechange", this.plugged);
    for (const kind of NAMES) {
      this.release(kind);
      this.onChange(kind);
    }
  }

  wish(kind) {
    const deviceId = this.chosen[kind];
    return deviceId ? { ...KINDS[kind].wish, deviceId: { ideal: deviceId } } : KINDS[kind].wish;
  }

  take(kind, track) {
    this.release(kind);
    track.enabled = this.isOn[kind];
    track.onended = () => this.lose(kind, track);
    if (kind === "microphone") {
      track.onmute = () => this.tell(kind, MUTED_SENTENCE);
      track.onunmute = () => this.tell(kind, "");
    }
    this.tracks[kind] = track;
    this.tell(kind, kind === "microphone" && track.muted ? MUTED_SENTENCE : "");
  }

  tell(kind, sentence) {
    this.problems[kind] = sentence;
    this.onChange(kind);
  }

  lose(kind, track) {
    if (this.tracks[kind] !== track) return;
    this.release(kind);
    this.tell(kind, lostSentence(kind));
  }

  release(kind) {
    const track = this.tracks[kind];
    if (!track) return;
    track.onended = track.onmute = track.onunmute = null;
    track.stop();
    this.tracks[kind] = null;
  }

  async list() {
    const all = await navigator.mediaDevices.enumerateDevices();
    for (const kind of NAMES) {
      this.lists[kind] = all.filter((device) => device.kind === KINDS[kind].input && device.deviceId);
      this.onChange(kind);
    }
  }

  /** Something was plugged in or out: a device that was lost is opened again, unasked. */
  async listAndRecover() {
    await this.list();
    if (this.reopening) return;
    this.reopening = Promise.all(
      NAMES.map((kind) => !this.tracks[kind] && this.lists[kind].length && this.openOne(kind)),
    );
    await this.reopening;
    this.reopening = null;
  }
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED) ?? "{}");
  } catch {
    return {}; // storage is switched off: the default devices, then
  }
}

function remember(chosen) {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(chosen));
  } catch {
    // as above
  }
}
