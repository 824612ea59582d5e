/* Lines that say whether something is fine: by a sign and by words, never by colour alone. */

const STATES = { true: "is-good", false: "is-bad", null: "is-open" };

/** `good` is true, false or null (not known yet). */
export function tick(section, name, good, words) {
  const line = section.querySelector(`[data-tick="${name}"]`);
  line.className = STATES[good];
  if (line.textContent !== words) line.textContent = words;
}
