/* The last minute of one modality, from its readings: what the rolling strips are painted from. Pure, on any clock. */

export const WINDOW_MS = 60_000;
/** A reading of a picture stands until the next one, but no longer than this. */
export const HOLD_MS = 1_000;

/**
 * Keeps `[startMs, endMs, label]` in order of time. A picture's reading begins when it was captured; a reading of a
 * stretch of sound brings its `window` and covers what no earlier one did. What could not be read stays uncovered.
 */
export class RollingStrip {
  constructor() {
    this.spans = [];
  }

  /** `read`: {available, label, window?}; `capturedMs` on the same clock as every other. Late ones are left out. */
  add(capturedMs, read) {
    const last = this.spans.at(-1);
    if (!read.window && last && capturedMs <= last.startMs) return;
    const [startMs, endMs] = read.window ? [Math.max(read.window[0], last?.endMs ?? -Infinity), read.window[1]] : [capturedMs, capturedMs + HOLD_MS];
    if (endMs <= startMs) return;
    if (last && last.endMs > startMs) last.endMs = startMs;
    this.spans.push({ startMs, endMs, label: read.available ? read.label : "" });
    this.forgetBefore(endMs - WINDOW_MS - HOLD_MS);
  }

  forgetBefore(momentMs) {
    while (this.spans.length && this.spans[0].endMs < momentMs) this.spans.shift();
  }

  /** `[start_s, end_s, label, 1]` within the minute that ends at `nowMs`, from 0 to 60: as the report's lanes take them. */
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

  /** Share of the minute that each label took, the greatest first: the strip in words. */
  shares(nowMs) {
    const seconds = new Map();
    for (const [startS, endS, label] of this.intervals(nowMs)) seconds.set(label, (seconds.get(label) || 0) + endS - startS);
    return [...seconds].map(([label, length]) => [label, length / (WINDOW_MS / 1000)]).sort((one, other) => other[1] - one[1]);
  }
}

/** For one call of a test: the strip's intervals after all `readings` (`[capturedMs, read]`), at `nowMs`. */
export function intervalsAfter(readings, nowMs) {
  const strip = new RollingStrip();
  for (const [capturedMs, read] of readings) strip.add(capturedMs, read);
  return strip.intervals(nowMs);
}
