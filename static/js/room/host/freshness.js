/* Which readings may still be shown: nothing that is older than the protocol's limit, on the server's clock. */

/** The newest reading of each modality, and whether it is still fresh. */
export class LatestReadings {
  constructor(shownAgeMs) {
    this.shownAgeMs = shownAgeMs;
    this.newest = new Map();
  }

  /** Takes a server's `reading` message; older ones than those at hand are left out. */
  take({ captured_ms: capturedMs, modalities }) {
    for (const [modality, read] of Object.entries(modalities)) {
      const known = this.newest.get(modality);
      if (!known || known.capturedMs <= capturedMs) this.newest.set(modality, { capturedMs, read });
    }
  }

  /** The fresh reading of a modality at `nowMs` of the server, or null. */
  fresh(modality, nowMs) {
    const found = this.newest.get(modality);
    return found && nowMs - found.capturedMs <= this.shownAgeMs ? found.read : null;
  }

  /** Milliseconds since the capture of the newest reading of all, null when that is too old to be shown. */
  ageMs(nowMs) {
    const newest = Math.max(...[...this.newest.values()].map(({ capturedMs }) => capturedMs));
    const ageMs = Math.max(0, nowMs - newest);
    return ageMs <= this.shownAgeMs ? ageMs : null;
  }

  clear() {
    this.newest.clear();
  }
}
