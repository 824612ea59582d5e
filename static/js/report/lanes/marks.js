/* Marks on the lanes, of questions or notes: in as many rows as it takes for none to cover another. */
import { clock } from "../../shared/format.js";
import { stacked } from "./viewport.js";

const NUDGE_S = 0.5;
const WIDTH_PX = 34;
const ROWS_MOST = 4;
const DRAGGED_PX = 4; // less is a click

/** @typedef {{id: string, at_s: number, end_s?: number, text: string}} Item */

/**
 * Items have `id`, `at_s` and `text`; `letter` and `kind` name them ("Q", "question"). `onMove(item, atS)` and
 * `onRemove(item)` store a change: by dragging, by arrow keys, by Delete. Without them the marks only lead to their
 * seconds, or to what `go(item)` does. `now` shows the second while a mark is dragged.
 * @param {{root: HTMLElement, lanes: any, player: any, letter: string, kind: string, now?: HTMLElement | null,
 *   go?: (item: any) => void, onMove?: (item: Item, atS: number) => void, onRemove?: (item: Item) => void}} options
 */
export function createMarks({ root, lanes, player, letter, kind, now = null, go, onMove, onRemove }) {
  /** @type {Item[]} */
  let items = [];

  function markOf(item, number) {
    const mark = document.createElement("button");
    mark.type = "button";
    mark.className = "mark";
    mark.dataset.mark = item.id;
    mark.textContent = `${letter}${number}`;
    mark.title = item.text || kind;
    const keys = onMove ? " Left and right arrow keys move it." : "";
    const words = go ? ` ${item.text}.` : "";
    mark.setAttribute("aria-label", `${letter}${number}, ${kind} at ${clock(item.at_s)}.${words}${keys}`);
    if (onMove) bindDrag(mark, item);
    else mark.onclick = () => (go ? go(item) : player.seek(item.at_s));
    return mark;
  }

  function stemOf() {
    const stem = document.createElement("i");
    stem.className = "mark-stem";
    return stem;
  }

  function bindDrag(mark, item) {
    /** @type {{fromX: number, atS: number | null} | null} */
    let target = null;
    mark.addEventListener("pointerdown", (event) => {
      mark.setPointerCapture(event.pointerId);
      target = { fromX: event.clientX, atS: null };
    });
    mark.addEventListener("pointermove", (event) => {
      if (!target || (target.atS === null && Math.abs(event.clientX - target.fromX) < DRAGGED_PX)) return;
      const atS = lanes.secondAt(event, root);
      target.atS = atS;
      mark.classList.add("is-dragged");
      mark.style.setProperty("--at", `${lanes.viewport.shareOf(atS) * 100}%`);
      if (now) now.textContent = clock(atS);
    });
    const drop = (isMove) => {
      const atS = target?.atS;
      target = null;
      if (now) now.textContent = "";
      mark.classList.remove("is-dragged");
      if (atS === null || atS === undefined) return;
      if (isMove) onMove?.(item, atS);
      else place();
    };
    mark.addEventListener("pointerup", () => {
      if (target?.atS === null) player.seek(item.at_s);
      drop(true);
    });
    mark.addEventListener("pointercancel", () => drop(false));
    mark.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -NUDGE_S, ArrowRight: NUDGE_S }[event.key];
      if (step && !event.shiftKey) {
        event.preventDefault();
        onMove?.(item, item.at_s + step);
      } else if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        player.seek(item.at_s);
      } else if (event.key === "Delete") {
        onRemove?.(item);
      }
    });
  }

  function place() {
    const width = root.clientWidth;
    const clamp = (x) => Math.min(Math.max(x, WIDTH_PX / 2), width - WIDTH_PX / 2);
    const elements = /** @type {HTMLElement[]} */ ([...root.children]);
    const shown = items
      .map((item, index) => ({ atS: item.at_s, mark: elements[2 * index], stem: elements[2 * index + 1] }))
      .filter(({ atS, mark, stem }) => {
        mark.hidden = stem.hidden = !lanes.viewport.holds(atS);
        return !mark.hidden;
      });
    const positions = shown.map(({ atS }) => clamp(lanes.viewport.shareOf(atS) * width));
    const rows = stacked(positions, WIDTH_PX, ROWS_MOST);
    shown.forEach(({ atS, mark, stem }, index) => {
      const at = `${lanes.viewport.shareOf(atS) * 100}%`;
      mark.hidden = rows[index] < 0; // its stem stays, and its label comes when there is room for it
      mark.style.setProperty("--at", at);
      mark.style.setProperty("--row", String(Math.max(0, rows[index])));
      stem.style.setProperty("--at", at);
      stem.style.setProperty("--row", String(Math.max(0, rows[index])));
    });
    root.style.setProperty("--rows", String(Math.max(1, ...rows.map((row) => row + 1))));
  }

  lanes.onView(() => place());
  return {
    root,
    draw(changed) {
      items = changed;
      root.replaceChildren(...items.flatMap((item, index) => [markOf(item, index + 1), stemOf()]));
      place();
    },
  };
}
