/* The legend of the gaps that have a pattern of their own: an entry is shown where the recording has such a gap. */

/** @param {string} reason */
export function showGapLegend(reason) {
  const entry = /** @type {HTMLElement | null} */ (document.querySelector(`[data-gap="${reason}"]`));
  if (entry) entry.hidden = false;
}
