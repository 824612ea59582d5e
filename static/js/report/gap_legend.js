/* The legend of the gaps that lanes draw: its entries are in the page, each is shown once a lane has such a gap. */

/** The names of the gaps that are drawn, by their reason. */
export function gapLegend() {
  const entries = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-gap]")]);
  return new Map(entries.map(({ dataset: { gap = "", gapName = "" } }) => [gap, gapName]));
}

/** @param {string} reason */
export function showGapLegend(reason) {
  const entry = /** @type {HTMLElement | null} */ (document.querySelector(`[data-gap="${reason}"]`));
  if (entry) entry.hidden = false;
}
