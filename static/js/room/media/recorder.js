/* The recording: the browser's recorder in takes of 3-second chunks, stored before anything else happens to them. */
import { nowMs } from "../clock.js";
import { StoreFull } from "./chunk_store.js";

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
 * the next one begins as soon as it can. `onState({recording, sentence})`; `onChunk()` when one was stored.
 */
export class Recorder {
  /**
   * @param {object} options
   * @param {import("./chunk_store.js").ChunkStore} options.store
   * @param {(state: {recording: boolean, sentence: string}) => void} [options.onState]
   * @param {() => void} [options.onChunk] hears that one was stored
   */
  constructor({ store, onState = () => {}, onChunk = () => {} }) {
    this.store = store;
    this.onState = onState;
    this.onChunk = onChunk;
    /** @type {MediaStreamTrack[]} */
    this.tracks = [];
    this.isOn = false;
    /** @type {Take | null} */
    this.take = null;
    this.work = Promise.resolve(); // takes begin and end one after the other
    this.retry = 0;
  }

  get isRecording() {
    return Boolean(this.take);
  }

  /** Which tracks to record. Resolves when the take that recorded others is stored and the next has begun. */
  follow(tracks) {
    const wanted = tracks.filter(Boolean);
    const isSame = wanted.length === this.tracks.length && wanted.every((track, at) => track === this.tracks[at]);
    if (isSame) return this.work;
    this.tracks = wanted;
    return this.settle(true);
  }

  /** Resolves when the recorder is where it should be: running, or stopped with its last chunk stored. */
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
        store: this.store,
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
    const interrupted = `The recording was interrupted and starts again. (${error.name})`;
    this.onState({ recording: false, sentence: error instanceof StoreFull ? FULL_SENTENCE : interrupted });
    this.retry = setTimeout(() => this.settle(false), AGAIN_AFTER_MS);
  }
}

/** A promise, and what resolves it. */
function deferred() {
  let resolve = () => {};
  const promise = new Promise((done) => (resolve = () => done(undefined)));
  return { promise, resolve };
}

/** One run of the browser's recorder. */
class Take {
  static async begin({ store, tracks, onChunk, onEnd }) {
    const recorder = new MediaRecorder(new MediaStream(tracks), { mimeType: recordingFormat(), ...BITS });
    const started = new Promise((resolve, reject) => {
      recorder.onstart = () => resolve(nowMs());
      recorder.onerror = (event) => reject(event.error);
    });
    const take = new Take({ store, recorder, onChunk, onEnd });
    await take.hold();
    try {
      recorder.start(CHUNK_MS);
      await store.add({ id: take.id, mime_type: recorder.mimeType, started_ms: Math.round(await started) });
    } catch (error) {
      take.abandon();
      throw error;
    }
    recorder.onerror = (event) => take.fail(event.error);
    take.started.resolve();
    return take;
  }

  constructor({ store, recorder, onChunk, onEnd }) {
    this.store = store;
    this.recorder = recorder;
    this.onChunk = onChunk;
    this.onEnd = onEnd;
    this.id = crypto.randomUUID();
    this.sequence = 0;
    this.error = null;
    this.started = deferred(); // chunks wait until the take is in the store
    this.storing = this.started.promise;
    this.over = deferred();
    recorder.ondataavailable = ({ data }) => data.size && this.keep(data);
    recorder.onstop = () => this.close();
  }

  /** Resolves when the take's lock is ours, before anybody can see the take. */
  hold() {
    const held = deferred();
    navigator.locks.request(takeLock(this.id), () => {
      held.resolve();
      return this.over.promise;
    });
    return held.promise;
  }

  abandon() {
    this.recorder.ondataavailable = this.recorder.onstop = null;
    if (this.recorder.state !== "inactive") this.recorder.stop();
    this.over.resolve();
  }

  keep(blob) {
    this.storing = this.storing.then(async () => {
      if (this.error) return; // a hole inside a take cannot be mended: what follows the loss is another take
      try {
        const bytes = await blob.arrayBuffer();
        await this.store.put(this.id, { sequence: this.sequence, bytes, sha256: await sha256(bytes) });
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

  /** Stops; resolves when the last chunk is stored and the take is marked complete. */
  end() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    return this.over.promise;
  }

  async close() {
    await this.storing;
    await this.store.update(this.id, { complete: true }).catch(() => {}); // a full disk: its free lock tells the same
    this.over.resolve();
    this.onEnd(this, this.error);
  }
}
