/* Sound on its way to the socket: when each chunk was heard, and what waits while nothing can be sent. */

const KEPT_CHUNKS = 100; // ten seconds without a network
const AT_ONCE = 3; // after a break the rest follows in small portions: the server limits bursts
const WINDOW_CHUNKS = 100;

/** When the samples of a chunk were heard. Messages come late, never early: the earliest of the last ones is right. */
export class SampleClock {
  constructor(rateHz) {
    this.rateHz = rateHz;
    this.offsets = [];
  }

  /** Epoch milliseconds of `startFrame`, from a chunk of `length` samples that arrived at `arrivedMs`. */
  capturedMs(startFrame, length, arrivedMs) {
    this.offsets.push(arrivedMs - ((startFrame + length) * 1000) / this.rateHz);
    if (this.offsets.length > WINDOW_CHUNKS) this.offsets.shift();
    return Math.min(...this.offsets) + (startFrame * 1000) / this.rateHz;
  }
}

/** Chunks that wait for the socket, numbered as they were heard: dropping one leaves a hole in the numbers. */
export class SoundQueue {
  constructor({ send, kept = KEPT_CHUNKS }) {
    this.send = send;
    this.kept = kept;
    this.sequence = 0;
    this.lost = 0;
    this.waiting = [];
  }

  add(chunk) {
    this.waiting.push({ ...chunk, sequence: this.sequence });
    this.sequence = (this.sequence + 1) % 2 ** 32;
    if (this.waiting.length > this.kept) {
      this.waiting.shift();
      this.lost += 1;
    }
    for (let sent = 0; sent < AT_ONCE && this.waiting.length; sent += 1) {
      if (!this.send(this.waiting[0])) return;
      this.waiting.shift();
    }
  }

  /** Nothing is wanted any more: what waits is not sent, and not missed. */
  clear() {
    this.waiting = [];
  }
}
