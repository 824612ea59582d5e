/* A file on its way to the server: in pieces, going on where a broken connection stopped it. */
import { api, ApiError, csrfToken } from "../shared/api.js";

const FIRST_WAIT_S = 2;
const LONGEST_WAIT_S = 30;
const STALLED_AFTER_MS = 60000; // a half-open connection never fails by itself

/** Thrown when the user cancelled. */
export class Cancelled extends Error {}

/**
 * Sends `file` and resolves to the upload's id; sent again after a failure, it goes on where the server has got to.
 * Rejects with ApiError when the server refuses it, with Cancelled after `cancel()`.
 * It is announced at `announceUrl`, by default where its pieces go.
 * `onProgress(sentBytes)` while bytes move; `onWait(seconds, error)` before each new try, 0 when it goes on.
 */
export class Transfer {
  constructor({ url, announceUrl = url, file, onProgress, onWait }) {
    this.url = url;
    this.announceUrl = announceUrl;
    this.file = file;
    this.onProgress = onProgress;
    this.onWait = onWait;
    this.upload = null;
    this.wait = FIRST_WAIT_S;
    this.cancelled = false;
    this.request = null;
    this.wake = () => {};
  }

  async send() {
    const announce = () => api("POST", this.announceUrl, { file_name: this.file.name, size_bytes: this.file.size });
    let offset;
    if (this.upload) offset = await this.persist(() => this.received());
    else {
      this.upload = await this.persist(announce);
      if (this.cancelled) {
        await this.forget(); // cancelled while the server was being asked: there was nothing to delete yet
        throw new Cancelled();
      }
      offset = this.upload.received_bytes;
    }
    while (offset < this.file.size) {
      const at = offset;
      offset = await this.persist(() => this.sendPiece(at), () => this.received());
      if (offset > at) this.wait = FIRST_WAIT_S; // until bytes arrive again, the waits go on growing
      this.onProgress(offset);
    }
    return this.upload.id;
  }

  /** Stops, and tells the server to forget the bytes. */
  async cancel() {
    this.cancelled = true;
    this.request?.abort();
    this.wake();
    if (this.upload) await this.forget();
  }

  async forget() {
    await api("DELETE", this.pieceUrl()).catch(() => {}); // the server sweeps what is left behind
  }

  retryNow() {
    this.wake();
  }

  pieceUrl() {
    return `${this.url}${this.upload.id}/`;
  }

  async received() {
    return (await api("GET", this.pieceUrl())).received_bytes;
  }

  /** Repeats `attempt` while the failure may pass; after one, `recover` (if given) answers in its place. */
  async persist(attempt, recover) {
    let next = attempt;
    for (;;) {
      if (this.cancelled) throw new Cancelled();
      try {
        const result = await next();
        this.onWait(0);
        return result;
      } catch (error) {
        if (this.cancelled) throw new Cancelled();
        if (!(error instanceof ApiError) || !error.isPassing) throw error;
        await this.pause(this.wait, error);
        this.wait = Math.min(this.wait * 2, LONGEST_WAIT_S);
        next = recover || attempt;
      }
    }
  }

  async pause(seconds, error) {
    let awake = false;
    const woken = new Promise((/** @type {(woken?: undefined) => void} */ resolve) => {
      this.wake = () => {
        awake = true;
        resolve();
      };
    });
    const onOnline = () => this.wake();
    addEventListener("online", onOnline);
    for (let left = seconds; left > 0 && !awake; left -= 1) {
      this.onWait(left, error);
      await Promise.race([woken, new Promise((resolve) => setTimeout(resolve, 1000))]);
    }
    removeEventListener("online", onOnline);
  }

  /** One piece by XMLHttpRequest, which alone reports how many bytes have left. Resolves to the next offset. */
  sendPiece(offset) {
    const piece = this.file.slice(offset, offset + this.upload.chunk_bytes);
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      this.request = request;
      request.open("PUT", `${this.pieceUrl()}?offset=${offset}`);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.setRequestHeader("X-CSRFToken", csrfToken());
      request.responseType = "json";
      let stalled;
      const moving = () => {
        clearTimeout(stalled);
        stalled = setTimeout(() => request.abort(), STALLED_AFTER_MS);
      };
      request.upload.onprogress = (event) => {
        moving();
        this.onProgress(offset + event.loaded);
      };
      request.onload = () => {
        const answer = request.response;
        const received = answer?.received_bytes;
        const arrived = request.status === 200 && received > offset;
        if (Number.isInteger(received) && (arrived || request.status === 409)) resolve(received);
        // A proxy's page instead of our answer, or a piece that vanished on the way: the same as no answer.
        else reject(new ApiError(request.status === 200 ? 0 : request.status, answer));
      };
      request.onerror = request.onabort = () => reject(new ApiError(0, null));
      request.onloadend = () => clearTimeout(stalled);
      moving();
      request.send(piece);
    });
  }
}
