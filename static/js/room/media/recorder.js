/* The recording: the browser's recorder in takes of 3-second chunks, put away before anything else happens to them. */
import { nowMs } from "../clock.js";
import { ShelfFull } from "./shelf.js";

const CHUNK_MS = 3000;
const BITS = { videoBitsPerSecond: 1_500_000, audioBitsPerSecond: 96_000 };
const FORMATS = ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"]; // VP8: cheap to write while a call runs
const AGAIN_AFTER_MS = 5000;
export const FULL_SENTENCE =
  "This device has no space left for the recording. It goes on as soon as what is kept here has been uploaded.";

export function recordingFormat() {
  return FORMATS.find((format) => MediaRecorder.isTypeSupported(format)) || "";
}

/** The name of the lock that a page holds while it makes a take: a take whose lock is free has nobody any more. */
export function takeLock(id) {
  return `candor.take.${id}`;
}

export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Records the tracks of `follow()` while `setOn(true)`. A changed track, a pause and a full device each end the take;
 * the next one begins as soon as it can. `onState({recording, sentence})`; `onChunk()` when one was put away.
 */
export class Recorder {
  constructor({ shelf, onState = () => {}, onChunk = () => {} }) {
    Object.assign(this, { shelf, onState, onChunk });
    this.tracks = [];
    this.isOn = false;
    this.take = null;
    this.work = Promise.resolve(); // takes begin and end one after the other
    this.retry = 0;
  }

  get isRecording() {
    return Boolean(this.take);
  }

  /** Which tracks to record. Resolves when the take that recorded others is put away and the next has begun. */
  follow(tracks) {
    const wanted = tracks.filter(Boolean);
    if (wanted.length === this.tracks.length && wanted.every((track, at) => track === this.tracks[at])) return this.work;
    this.tracks = wanted;
    return this.settle(true);
  }

  /** Resolves when the recorder is where it should be: running, or stopped with its last chunk put away. */
  setOn(on) {
    if (on === this.isOn) return this.work;
    this.isOn = on;
    return this.settle(false);
  }

  settle(anew) {
    clearTimeout(this.retry);
    this.work = this.work.then(async () => {
      const run = this.isOn && this.tracks.length > 0;
      if (this.take && (anew || !run)) await this.take.end();
      if (run && !this.take) await this.begin();
    });
    return this.work;
  }

  async begin() {
    try {
      this.take = await Take.begin({
        shelf: this.shelf,
        tracks: this.tracks,
        onChunk: this.onChunk,
        onEnd: (take, error) => this.ended(take, error),
      });
      this.onState({ recording: true, sentence: "" });
    } catch (error) {
      this.failed(error);
    }
  }

  ended(take, error) {
    if (this.take !== take) return;
    this.take = null;
    if (error) this.failed(error);
    else this.onState({ recording: false, sentence: "" });
  }

  failed(error) {
    const sentence = error instanceof ShelfFull ? FULL_SENTENCE : `The recording was interrupted and starts again. (${error.name})`;
    this.onState({ recording: false, sentence });
    this.retry = setTimeout(() => this.settle(false), AGAIN_AFTER_MS);
  }
}

/** One run of the browser's recorder. */
class Take {
  static async begin({ shelf, tracks, onChunk, onEnd }) {
    const recorder = new MediaRecorder(new MediaStream(tracks), { mimeType: recordingFormat(), ...BITS });
    const started = new Promise((resolve, reject) => {
      recorder.onstart = () => resolve(nowMs());
      recorder.onerror = (event) => reject(event.error);
    });
    const take = new Take({ shelf, recorder, onChunk, onEnd });
    await take.hold();
    try {
      recorder.start(CHUNK_MS);
      await shelf.add({ id: take.id, mime_type: recorder.mimeType, started_ms: Math.round(await started) });
    } catch (error) {
      take.abandon();
      throw error;
    }
    recorder.onerror = (event) => take.fail(event.error);
    take.announce();
    return take;
  }

  constructor({ shelf, recorder, onChunk, onEnd }) {
    Object.assign(this, { shelf, recorder, onChunk, onEnd });
    this.id = crypto.randomUUID();
    this.sequence = 0;
    this.error = null;
    this.ready = new Promise((resolve) => (this.announce = resolve)); // chunks wait until the take is on the shelf
    this.putting = this.ready;
    this.over = new Promise((resolve) => (this.finish = resolve));
    recorder.ondataavailable = ({ data }) => data.size && this.keep(data);
    recorder.onstop = () => this.close();
  }

  /** Resolves when the take's lock is ours, before anybody can see the take. */
  hold() {
    return new Promise((resolve) => {
      navigator.locks.request(takeLock(this.id), () => {
        resolve();
        return this.over;
      });
    });
  }

  abandon() {
    this.recorder.ondataavailable = this.recorder.onstop = null;
    if (this.recorder.state !== "inactive") this.recorder.stop();
    this.finish();
  }

  keep(blob) {
    this.putting = this.putting.then(async () => {
      if (this.error) return; // a hole inside a take cannot be mended: what follows the loss is another take
      try {
        const bytes = await blob.arrayBuffer();
        await this.shelf.put(this.id, { sequence: this.sequence, bytes, sha256: await sha256(bytes) });
        this.sequence += 1;
        this.onChunk();
      } catch (error) {
        this.fail(error);
      }
    });
  }

  fail(error) {
    this.error = this.error || error;
    this.end();
  }

  /** Stops; resolves when the last chunk is put away and the take is marked complete. */
  end() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    return this.over;
  }

  async close() {
    await this.putting;
    await this.shelf.update(this.id, { complete: true }).catch(() => {}); // a full disk: its free lock tells the same
    this.finish();
    this.onEnd(this, this.error);
  }
}
