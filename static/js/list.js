/* The list of interviews lives while something on it moves: its rows are fetched again until everything has ended. */
import { poll } from "./shared/polling.js";

const EVERY_MS = 5000;

async function fetchRows() {
  const response = await fetch(location.href, { credentials: "same-origin" });
  if (!response.ok) throw Object.assign(new Error(), { isPassing: response.status >= 500 });
  return new DOMParser().parseFromString(await response.text(), "text/html").getElementById("interview-rows");
}

const isMoving = (rows) => rows?.dataset.moving === "yes";

if (isMoving(document.getElementById("interview-rows"))) {
  poll({
    ask: fetchRows,
    take(fresh) {
      const rows = document.getElementById("interview-rows");
      if (!fresh || !rows) return false;
      // The row in which somebody is stays under the keyboard.
      const focused = rows.contains(document.activeElement) && document.activeElement?.getAttribute("href");
      rows.replaceWith(document.adoptNode(fresh));
      if (focused) /** @type {HTMLElement | null} */ (fresh.querySelector(`a[href="${focused}"]`))?.focus();
      return isMoving(fresh);
    },
    onProblem() {},
    everyMs: EVERY_MS,
  });
}
