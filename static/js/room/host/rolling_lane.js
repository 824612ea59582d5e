/* The last minute of one modality, from its readings: what a live lane is painted from. Pure, on any clock. */

export const WINDOW_MS = 60_000;
/** A reading of a picture stands until the next one, but no longer than this. */
export const HOLD_MS = 1_000;

/**
 * Keeps `[startMs, endMs, label]` in order of time. A picture's reading begins when it was captured; a reading of a
 * stretch of sound brings its `window` and covers what no earlier one did. What could not be read stays uncovered.
 */
export class RollingLane {
  constructor() {
    /** @type {{startMs: number, endMs: number, label: string}[]} */
    this.spans = [];
  }

  /** `read`: {available, label, window?}; `capturedMs` on the same clock as every other. Late ones are left out. */
  add(capturedMs, read) {
    const last = this.spans.at(-1);
    if (!read.window && last && capturedMs <= last.startMs) return;
    const [startMs, endMs] = read.window
      ? [Math.max(read.window[0], last?.endMs ?? -Infinity), read.window[1]]
      : [capturedMs, capturedMs + HOLD_MS];
    if (endMs <= startMs) return;
    if (last && last.endMs > startMs) last.endMs = startMs;
    this.spans.push({ startMs, endMs, label: read.available ? read.label : "" });
    this.forgetBefore(endMs - WINDOW_MS - HOLD_MS);
  }

  forgetBefore(momentMs) {
    while (this.spans.length && this.spans[0].endMs < momentMs) this.spans.shift();
  }

  /**
   * The minute that ends at `nowMs`, from 0 to 60 s, as lanes are drawn.
   * @param {number} nowMs
   * @returns {import("../../shared/lane.js").Interval[]}
   */
  intervals(nowMs) {
    const fromMs = nowMs - WINDOW_MS;
    return this.spans
      .filter(({ startMs, endMs, label }) => label && endMs > fromMs && startMs < nowMs)
      .map(({ startMs, endMs, label }) => [
        (Math.max(startMs, fromMs) - fromMs) / 1000,
        (Math.min(endMs, nowMs) - fromMs) / 1000,
        label,
        1,
      ]);
  }

  /** Share of the minute that each label took, the greatest first: the lane in words. */
  shares(nowMs) {
    const seconds = new Map();
    for (const [startS, endS, label] of this.intervals(nowMs)) {
      seconds.set(label, (seconds.get(label) || 0) + endS - startS);
    }
    const shares = [...seconds].map(([label, length]) => [label, length / (WINDOW_MS / 1000)]);
    return shares.sort((one, other) => other[1] - one[1]);
  }
}
