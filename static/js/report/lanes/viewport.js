/* The part of the recording that the lanes show: zoom, pan, ticks, and the tiles that it takes. Pure. */

const SHORTEST_S = 2; // what the lanes can be zoomed in to
const TICK_STEPS_S = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];
const TICK_PX = 72; // room for the widest label

export class Viewport {
  /** @param {number} durationS */
  constructor(durationS) {
    this.durationS = durationS;
    this.fromS = 0;
    this.toS = durationS;
  }

  get spanS() {
    return this.toS - this.fromS;
  }

  get isWhole() {
    return this.spanS >= this.durationS - 1e-6;
  }

  /** Shows `spanS` seconds from `fromS` on, moved into the recording. */
  show(fromS, spanS) {
    const span = Math.min(this.durationS, Math.max(Math.min(SHORTEST_S, this.durationS), spanS));
    this.fromS = Math.min(Math.max(0, fromS), this.durationS - span);
    this.toS = this.fromS + span;
  }

  /** Zooms in by `factor` (out below 1); the second `aroundS` stays where it is. */
  zoom(factor, aroundS) {
    const share = this.spanS ? (aroundS - this.fromS) / this.spanS : 0;
    const before = this.spanS;
    this.show(aroundS - (before / factor) * share, before / factor);
    if (!this.isWhole) this.show(aroundS - this.spanS * share, this.spanS); // the span may have met its limit
  }

  pan(seconds) {
    this.show(this.fromS + seconds, this.spanS);
  }

  whole() {
    this.show(0, this.durationS);
  }

  /** Where a second is: 0 at the left border, 1 at the right one; beyond them outside. */
  shareOf(second) {
    return this.spanS ? (second - this.fromS) / this.spanS : 0;
  }

  secondAt(share) {
    return this.fromS + Math.min(1, Math.max(0, share)) * this.spanS;
  }

  holds(second) {
    return second >= this.fromS && second <= this.toS;
  }

  /** Brings a stretch into view, zooming out as far as it takes; true where that changed anything. */
  bring(startS, endS) {
    if (startS >= this.fromS && endS <= this.toS) return false;
    const span = Math.max(this.spanS, (endS - startS) * 1.25);
    this.show((startS + endS) / 2 - span / 2, span);
    return true;
  }
}

/** The seconds that carry a label on an axis of `widthPx`, with the step between them. */
export function ticks({ fromS, toS }, widthPx) {
  const least = ((toS - fromS) * TICK_PX) / Math.max(1, widthPx);
  const stepS = TICK_STEPS_S.find((step) => step >= least) ?? TICK_STEPS_S[TICK_STEPS_S.length - 1];
  const found = [];
  const first = Math.max(0, Math.ceil(fromS / stepS - 1e-9));
  for (let index = first; index * stepS <= toS + 1e-9; index += 1) found.push(index * stepS);
  return { stepS, seconds: found };
}

/** A tick's label: no more digits than its step needs. */
export function tickLabel(seconds, stepS) {
  const whole = Math.floor(seconds + 1e-6);
  const tenths = stepS < 1 ? `.${Math.round((seconds - whole) * 10) % 10}` : "";
  const rest = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  return (hours ? `${hours}:${String(minutes % 60).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`) + tenths;
}

/** The level whose columns are no wider than a pixel, and the numbers of its tiles in view. */
export function tilesFor({ fromS, toS, durationS }, { columns, factor, levels }, widthPx) {
  const pixelS = (toS - fromS) / Math.max(1, widthPx);
  let level = 0;
  while (level < levels - 1 && durationS / (columns * factor ** level) > pixelS) level += 1;
  const count = factor ** level;
  const tileS = durationS / count;
  const first = Math.min(count - 1, Math.max(0, Math.floor(fromS / tileS)));
  const last = Math.min(count - 1, Math.max(first, Math.ceil(toS / tileS - 1e-9) - 1));
  return { level, numbers: Array.from({ length: last - first + 1 }, (_, index) => first + index) };
}

/**
 * Rows for labels of one width, so that none covers another: the row of each position (px, in order), -1 for those that
 * find no place in `rowsMost`.
 */
export function stacked(positions, widthPx, rowsMost) {
  const ends = [];
  return positions.map((at) => {
    let row = ends.findIndex((end) => end <= at - widthPx / 2);
    if (row < 0 && ends.length < rowsMost) row = ends.length;
    if (row >= 0) ends[row] = at + widthPx / 2;
    return row;
  });
}
