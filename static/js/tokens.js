/* Colours come from static/css/tokens.css; what canvases draw reads them here. */

export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Calls back when the colours may have changed: the scheme was switched, or the page goes to paper. */
export function onColoursChanged(redraw) {
  for (const query of ["(prefers-color-scheme: dark)", "print"]) {
    matchMedia(query).addEventListener("change", redraw);
  }
}
