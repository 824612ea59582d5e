/* Lines that say whether something is fine: by a sign and by words, never by colour alone. */
import { write } from "../../shared/text.js";

/**
 * Returns the function that shows one status line of the section; `good` is null while it is not known.
 * @param {HTMLElement} section
 */
export function createStatusLines(section) {
  /**
   * @param {string} name
   * @param {boolean | null} good
   * @param {string} words
   */
  return function show(name, good, words) {
    const line = section.querySelector(`[data-status-line="${name}"]`);
    if (good === null) line.className = "is-open";
    else line.className = good ? "is-good" : "is-bad";
    write(line, words);
  };
}
