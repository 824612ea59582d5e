/* Whether somebody is beside the candidate: told when it lasts, so that a passer-by does not flicker. Pure. */
const LASTS_MS = 1500;

export class PeopleInView {
  #several = false;
  /** @type {number | null} */
  #changesSince = null;

  /** `faces` of a frame, null for readings of speech; `atMs` its capture time. The sentence to show, or "". */
  take(faces, atMs) {
    if (faces !== null) {
      const differs = faces > 1 !== this.#several;
      const sinceMs = this.#changesSince ?? atMs;
      const lasts = differs && atMs - sinceMs >= LASTS_MS;
      if (lasts) this.#several = !this.#several;
      this.#changesSince = differs && !lasts ? sinceMs : null;
    }
    return this.#several ? "Somebody else is in the candidate’s picture. Only the largest face is read." : "";
  }
}
