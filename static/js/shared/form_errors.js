/* What is refused stands at its field. */

/**
 * One refusal as a line.
 * @param {string} sentence
 */
export function errorLine(sentence) {
  const line = document.createElement("p");
  line.className = "field-error";
  line.textContent = sentence;
  return line;
}

/**
 * The errors of `form`. `general` is the notice for those that belong to no field.
 * @param {HTMLFormElement} form
 * @param {HTMLElement} general
 */
export function createFormErrors(form, general) {
  function clear() {
    general.hidden = true;
    for (const place of form.querySelectorAll("[data-errors-for]")) place.replaceChildren();
    for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  }

  /** @param {string} sentence */
  function showGeneral(sentence) {
    general.querySelector("p").textContent = sentence;
    general.hidden = false;
  }

  /**
   * Replaces what is shown, and puts the focus on the first field that was refused.
   * @param {Record<string, string | string[]>} errors sentences by field
   */
  function show(errors) {
    clear();
    /** @type {HTMLElement | null} */
    let first = null;
    for (const [name, found] of Object.entries(errors)) {
      const sentences = [found].flat();
      const place = form.querySelector(`[data-errors-for="${name}"]`);
      if (!place) {
        showGeneral(sentences[0]);
        continue;
      }
      place.replaceChildren(...sentences.map(errorLine));
      const control = form.elements[name];
      control.setAttribute("aria-invalid", "true");
      first ??= control;
    }
    first?.focus();
  }

  // What was refused is no longer there once somebody writes something else.
  form.addEventListener("input", ({ target }) => {
    const control = /** @type {HTMLInputElement} */ (target);
    if (!control.hasAttribute("aria-invalid")) return;
    control.removeAttribute("aria-invalid");
    form.querySelector(`[data-errors-for="${control.name}"]`)?.replaceChildren();
  });

  return { clear, show, showGeneral };
}
