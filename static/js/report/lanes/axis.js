/* The time axis above the lanes. */
import { tickLabel, ticks } from "./viewport.js";

/** @param {HTMLElement} element */
export function createAxis(element) {
  return {
    /** @param {import("./viewport.js").Viewport} viewport */
    draw(viewport) {
      const { stepS, seconds } = ticks(viewport, element.clientWidth);
      element.replaceChildren(
        ...seconds.map((second) => {
          const tick = document.createElement("span");
          tick.className = "tick";
          tick.textContent = tickLabel(second, stepS);
          tick.style.left = `${viewport.shareOf(second) * 100}%`;
          return tick;
        }),
      );
    },
  };
}
