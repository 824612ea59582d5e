/* A link that is shown once: copy it, and say whether that worked. */
import { announce } from "../../shared/text.js";

const COPIED_MS = 2000;

/**
 * Copies the field's text at a click of the button; selects it where the browser has no clipboard for this page.
 * @param {HTMLElement} button
 * @param {HTMLInputElement} field
 */
export function bindCopy(button, field) {
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copied";
      announce("The link was copied.");
      setTimeout(() => (button.textContent = "Copy link"), COPIED_MS);
    } catch {
      announce("The link is selected. Copy it with the keyboard.");
    }
  });
}
