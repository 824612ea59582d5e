/* How scripts write on a page, and how they speak to those who do not see it. */

const ANNOUNCE_AFTER_MS = 50; // the same sentence twice would not be spoken without an empty moment between

/**
 * Says a change of state once to people who do not see it.
 * @param {string} sentence
 */
export function announce(sentence) {
  const announcer = document.getElementById("announcer");
  announcer.textContent = "";
  setTimeout(() => (announcer.textContent = sentence), ANNOUNCE_AFTER_MS);
}

/**
 * Writes text only where it changed, so that nothing is painted or read again for nothing.
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Writes a sentence into an element that is hidden while there is none.
 * @param {HTMLElement} element
 * @param {string} sentence
 */
export function say(element, sentence) {
  write(element, sentence);
  element.hidden = !sentence;
}

/**
 * The sentence with a capital letter.
 * @param {string} sentence
 */
export function capitalised(sentence) {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
