/* Colours come from static/css/tokens.css; what canvases draw reads them here. */

/**
 * The colour of a token, by its name without the dashes.
 * @param {string} name
 */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/**
 * Calls back when the colours may have changed: the scheme was switched, or the page goes to paper.
 * @param {() => void} redraw
 */
export function onColoursChanged(redraw) {
  for (const query of ["(prefers-color-scheme: dark)", "print"]) {
    matchMedia(query).addEventListener("change", redraw);
  }
}
