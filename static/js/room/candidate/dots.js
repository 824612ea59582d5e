/* The nine dots: where they stand, when each is looked at, and what was read meanwhile. */

export const TARGETS = [
  "center",
  "top_left", "top_center", "top_right",
  "center_left", "center_right",
  "bottom_left", "bottom_center", "bottom_right",
];
const EDGE = 7; // per cent of the window between its border and the outer dots
const SETTLE_MS = 700; // eyes need a moment to arrive and to be still
const ENOUGH = 12; // looks at one dot are plenty ...
const FEW = 5; // ... these must do where the connection or the server is slow ...
const LEAST_MS = 1500;
const USUAL_MS = 3500;
const MOST_MS = 7000; // ... and then it goes on without

/** Where a dot stands, in per cent of the window: {left, top}. */
export function placeOf(target) {
  const at = (word, low, high) => (target.includes(low) ? EDGE : target.includes(high) ? 100 - EDGE : 50);
  return { left: at(target, "left", "right"), top: at(target, "top", "bottom") };
}

/** Pairs what the server read from frames with the dot that was shown when they were captured. */
export class Looks {
  constructor() {
    this.captured = new Map(); // frame sequence -> capture time
    this.samples = [];
    this.target = "";
    this.count = 0;
    this.shownMs = 0; // when the dot appeared
    this.sinceMs = 0; // from when on it is looked at
  }

  /** From `nowMs` on the person looks at this dot. */
  show(target, nowMs) {
    Object.assign(this, { target, sinceMs: nowMs + SETTLE_MS, shownMs: nowMs, count: 0 });
  }

  sent({ sequence, capturedMs }) {
    this.captured.set(sequence, capturedMs);
  }

  /** Frames that were captured while the eyes moved, or for an earlier dot, do not count. */
  read({ sequence, iris, head, openness }) {
    const capturedMs = this.captured.get(sequence);
    this.captured.delete(sequence);
    if (!this.target || capturedMs === undefined || capturedMs < this.sinceMs || this.count >= ENOUGH) return;
    this.samples.push({ target: this.target, iris, head, openness });
    this.count += 1;
  }

  isDone(nowMs) {
    const shown = nowMs - this.shownMs;
    if (this.count >= ENOUGH) return shown >= LEAST_MS;
    return shown >= (this.count >= FEW ? USUAL_MS : MOST_MS);
  }
}
