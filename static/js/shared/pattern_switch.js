/* The switch that gives every tone its pattern; on paper it is always on. */

const KEY = "candor.patterns"; // one choice for report and room

/**
 * Binds the switch; `onChange(on)` hears the stored choice at once and every change after it.
 * @param {HTMLElement} button
 * @param {(on: boolean) => void} onChange
 */
export function bindPatternSwitch(button, onChange) {
  const isChosen = () => localStorage.getItem(KEY) === "on";

  /** @param {boolean} on */
  function show(on) {
    button.setAttribute("aria-pressed", String(on));
    document.body.classList.toggle("has-patterns", on);
    onChange(on);
  }

  button.addEventListener("click", () => {
    localStorage.setItem(KEY, isChosen() ? "off" : "on");
    show(isChosen());
  });
  addEventListener("beforeprint", () => show(true));
  addEventListener("afterprint", () => show(isChosen()));
  show(isChosen());
}
