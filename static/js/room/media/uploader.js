/* The recording's way to the server: chunk after chunk from the chunk store, until every one is acknowledged. */
import { ApiError, api, csrfToken } from "../../shared/api.js";
import { nowMs } from "../clock.js";
import { takeLock } from "./recorder.js";

const FIRST_WAIT_S = 1;
const LONGEST_WAIT_S = 15;
const STALLED_AFTER_MS = 60000; // a half-open connection never fails by itself
const QUICK_MS = 4000; // for a small request that is to find a living connection; longer from round to round
const CONNECTIONS = 6; // which a browser keeps open to one server
const IDLE_MS = 3000; // another page of this browser may still be storing chunks

/**
 * Sends everything of `store`; one page of this browser at a time. `takesUrl` is the candidate's takes address.
 * `onProgress({left, complete, sentence})`: chunks still here, whether no more will come, and why it waits, if it does.
 * `onRefused(sentence)` when the server will never take (the rest of) a take, which is then given up.
 */
export class Uploader {
  /**
   * @param {object} options
   * @param {import("./chunk_store.js").ChunkStore} options.store
   * @param {string} options.takesUrl
   * @param {(progress: {left: number, complete: boolean, sentence: string}) => void} options.onProgress
   * @param {(sentence: string) => void} options.onRefused
   */
  constructor({ store, takesUrl, onProgress, onRefused }) {
    this.store = store;
    this.takesUrl = takesUrl;
    this.onProgress = onProgress;
    this.onRefused = onRefused;
    this.wake = () => {};
    this.stopped = new AbortController();
    this.giveUp = () => {}; // on the request that is under way
    this.waitS = FIRST_WAIT_S;
    this.isLast = false;
    this.sentence = ""; // why it waits
    this.isUnsure = false; // whether the connections to the server still live
  }

  /** Runs until `stop()`. */
  async run() {
    const { signal } = this.stopped;
    addEventListener("online", () => this.nudge(), { signal });
    await navigator.locks
      .request(`candor.upload.${this.store.room}`, { signal }, async () => {
        while (!signal.aborted) await this.round();
      })
      .catch((error) => {
        if (error.name !== "AbortError") throw error;
      });
  }

  stop() {
    this.stopped.abort();
    this.nudge();
  }

  /** Sends what is in the store now, then leaves the rest to another page of this browser. */
  stopWhenSent() {
    this.isLast = true;
    this.nudge();
  }

  /** There may be something new: look now. */
  nudge() {
    this.wake();
  }

  /** Another chunk was stored. It is told of at once: a request that nobody answers may be under way for long. */
  added() {
    this.nudge();
    return this.report();
  }

  /** The server answers again. What was asked before that may wait for an answer that never comes: ask anew. */
  serverIsBack() {
    this.waitS = FIRST_WAIT_S;
    this.isUnsure = true;
    this.giveUp();
    this.nudge();
  }

  async round() {
    const last = this.isLast;
    let pauseMs = IDLE_MS;
    try {
      for (const take of await this.store.takes()) await this.sendTake(take);
      this.worked();
      if (last) this.stop();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.sentence = error.sentence;
      this.isUnsure = true;
      pauseMs = this.waitS * 1000;
      this.waitS = Math.min(this.waitS * 2, LONGEST_WAIT_S);
    }
    await this.report();
    await this.pause(pauseMs);
  }

  worked() {
    this.waitS = FIRST_WAIT_S;
    this.sentence = "";
    this.isUnsure = false;
  }

  async report() {
    const takes = await this.store.takes();
    const left = await this.store.count(takes);
    this.onProgress({ left, complete: takes.every((take) => take.complete), sentence: this.sentence });
  }

  /**
   * Waits, until it is woken at the latest.
   * @param {number} ms
   * @returns {Promise<void>}
   */
  async pause(ms) {
    if (this.stopped.signal.aborted) return;
    await new Promise((/** @type {(woken?: undefined) => void} */ resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Everything of one take that is here. What the server refuses for good is given up: it would be refused again. */
  async sendTake(take) {
    try {
      let { number } = take;
      if (!number) number = await this.announce(take);
      else if (this.isUnsure) await this.findOut(take.id, number);
      for (let chunk; (chunk = await this.store.first(take.id)); ) {
        if (this.stopped.signal.aborted) return;
        await this.store.acknowledge(take.id, await this.sendChunk(`${this.takesUrl}${number}/`, chunk));
        this.worked();
        await this.report();
      }
      if (await this.isOver(take)) await this.finish(take.id, number);
    } catch (error) {
      if (!(error instanceof ApiError) || !isFinal(error)) throw error;
      await this.store.remove(take.id);
      this.onRefused(error.sentence);
    }
  }

  async announce({ id, mime_type, started_ms }) {
    const sent_ms = Math.round(nowMs());
    const known = await this.askSoon((signal) =>
      api("POST", this.takesUrl, { mime_type, started_ms, sent_ms }, { signal }),
    );
    if (!Number.isInteger(known?.number)) throw new ApiError(0, null); // a proxy's page is no answer
    await this.store.update(id, { number: known.number });
    await this.store.acknowledge(id, known.next_sequence);
    return known.number;
  }

  /** What the server wants next, before a large chunk is trusted to a connection that may have died unnoticed. */
  async findOut(id, number) {
    const known = await this.askSoon((signal) => api("GET", `${this.takesUrl}${number}/`, undefined, { signal }));
    if (!Number.isInteger(known?.next_sequence)) throw new ApiError(0, null);
    await this.store.acknowledge(id, known.next_sequence);
  }

  /** Resolves to what the server wants next. */
  sendChunk(takeUrl, { sequence, bytes, sha256 }) {
    return this.ask(async (signal) => {
      let response;
      try {
        response = await fetch(`${takeUrl}chunks/${sequence}/`, {
          method: "PUT",
          credentials: "same-origin",
          headers: { "Content-Type": "application/octet-stream", "X-Chunk-Sha256": sha256, "X-CSRFToken": csrfToken() },
          body: bytes,
          signal,
        });
      } catch {
        throw new ApiError(0, null);
      }
      const answer = await response.json().catch(() => null);
      const next = answer?.next_sequence;
      if (Number.isInteger(next) && next > sequence && (response.ok || response.status === 409)) return next;
      throw new ApiError(response.ok ? 0 : response.status, answer);
    });
  }

  /** `request(signal)`, which is given up when no answer comes for long, the server is back, or nobody wants it. */
  async ask(request, patienceMs = STALLED_AFTER_MS) {
    const controller = new AbortController();
    const abort = () => controller.abort();
    const stalled = setTimeout(abort, patienceMs);
    this.stopped.signal.addEventListener("abort", abort);
    this.giveUp = abort;
    try {
      return await request(controller.signal);
    } finally {
      clearTimeout(stalled);
      this.stopped.signal.removeEventListener("abort", abort);
    }
  }

  /** A small request. While it is unsure which connections live, each that does not answer is used up by one try. */
  async askSoon(request) {
    if (!this.isUnsure) return this.ask(request);
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.ask(request, QUICK_MS * this.waitS);
      } catch (error) {
        const mayRepeat = error instanceof ApiError && error.status === 0 && tries < CONNECTIONS;
        if (!mayRepeat || this.stopped.signal.aborted) throw error;
      }
    }
  }

  /** Whether no more chunks will come: it was ended, or the page that made it is gone. */
  async isOver({ id, complete }) {
    if (complete) return true;
    return navigator.locks.request(takeLock(id), { ifAvailable: true }, (lock) => Boolean(lock));
  }

  async finish(id, number) {
    const take = (await this.store.takes()).find((one) => one.id === id);
    if (!take || (await this.store.first(id))) return; // a last chunk came meanwhile: next round
    await this.ask((signal) => api("POST", `${this.takesUrl}${number}/finish/`, { chunks: take.chunks }, { signal }));
    await this.store.remove(id);
  }
}

/**
 * The interview is gone, its recording complete, the agreement withdrawn, or the limit reached: in the server's own
 * words. A page of something between us and the server is none, and nothing is given up for it.
 */
function isFinal({ status, data }) {
  return [404, 409, 410, 413].includes(status) && typeof data?.detail === "string";
}
