/* When the next frame may leave: at most so many unacknowledged, and as often as round trips allow. */

const MEMORY = 0.2; // weight of the newest round trip
const SPARE = 0.9; // a little less than what the round trips would carry
const LESS_AFTER_A_DROP = 0.85;
const MORE_AFTER_A_READING = 0.03;
const LEAST_SHARE = 0.2; // so that it recovers within seconds

export class FramePacer {
  /** `limits`: {max_in_flight, min_fps, max_fps} of the protocol. */
  constructor(limits) {
    this.limits = limits;
    this.wanted = limits.max_fps; // what the server asks for; 0 for none
    /** @type {Map<number, number>} when each unacknowledged frame was sent, by sequence */
    this.inFlight = new Map();
    this.roundTripMs = 0;
    this.share = 1;
    this.lastMs = -Infinity;
  }

  /** A new connection: nothing is under way on it. */
  reset() {
    this.inFlight.clear();
    this.roundTripMs = 0;
    this.share = 1;
    this.lastMs = -Infinity;
  }

  /** Frames per second for now, 0 for none. */
  get fps() {
    const { max_in_flight: most, min_fps: least, max_fps: cap } = this.limits;
    if (this.wanted <= 0) return 0;
    const carried = this.roundTripMs ? (SPARE * most * 1000) / this.roundTripMs : cap;
    return Math.min(cap, this.wanted, Math.max(Math.min(least, this.wanted), carried * this.share));
  }

  /** Milliseconds until the next frame may be sent; Infinity while an acknowledgement must come first. */
  waitMs(nowMs) {
    if (!this.fps || this.inFlight.size >= this.limits.max_in_flight) return Infinity;
    return Math.max(0, this.lastMs + 1000 / this.fps - nowMs);
  }

  sent(sequence, nowMs) {
    this.inFlight.set(sequence, nowMs);
    this.lastMs = nowMs;
  }

  /** An acknowledgement; `analysed` false means that the server dropped the frame for a newer one. */
  acknowledged(sequence, analysed, nowMs) {
    const sentMs = this.inFlight.get(sequence);
    if (sentMs === undefined) return;
    this.inFlight.delete(sequence);
    const roundTripMs = Math.max(1, nowMs - sentMs);
    this.roundTripMs = this.roundTripMs ? this.roundTripMs + MEMORY * (roundTripMs - this.roundTripMs) : roundTripMs;
    this.share = analysed
      ? Math.min(1, this.share + MORE_AFTER_A_READING)
      : Math.max(LEAST_SHARE, this.share * LESS_AFTER_A_DROP);
  }
}
