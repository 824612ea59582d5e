/* Walks the seconds behind a number: every stretch of a label, one after the other. */
import { api } from "../shared/api.js";
import { clock, percent } from "../shared/format.js";
import { say } from "../shared/text.js";
import { partQuery, walkWords } from "./walk_words.js";

/**
 * `stretch` plays them; `url` is the address of the stretches by label.
 * @param {{player: any, stretch: ReturnType<typeof import("./stretch.js").createStretch>, url: string}} options
 */
export function createWalk({ player, stretch, url }) {
  const bar = document.getElementById("walk");
  const find = (hook) => /** @type {any} */ (bar.querySelector(`[data-walk-${hook}]`));
  /** @type {number[][]} */
  let stretches = [];
  let at = 0;
  /** @type {HTMLElement | null} */
  let returnTo = null;

  function show() {
    const [startS, endS, confidence] = stretches[at];
    find("place").textContent = `${at + 1} of ${stretches.length}`;
    find("span").textContent = `${clock(startS)}–${clock(endS)}`;
    find("confidence").textContent = confidence ? `confidence ${percent(confidence)}` : "";
    find("previous").disabled = at === 0;
    find("next").disabled = at === stretches.length - 1;
    stretch.play(startS, endS);
  }

  function close() {
    bar.hidden = true;
    returnTo?.focus();
  }

  const go = (step) => {
    at = Math.min(stretches.length - 1, Math.max(0, at + step));
    show();
  };
  find("previous").onclick = () => go(-1);
  find("next").onclick = () => go(1);
  find("close").onclick = close;
  bar.onkeydown = (event) => {
    if (event.key === "Escape") close();
  };

  function setEmpty(isEmpty) {
    find("where").hidden = isEmpty;
    find("previous").hidden = find("next").hidden = isEmpty;
  }

  /** Opens the walk through `found` (count, seconds, stretches), from the first stretch at or after the player. */
  function open(name, found) {
    stretches = found.stretches;
    bar.hidden = false;
    say(find("name"), name);
    say(find("total"), walkWords(found));
    setEmpty(!stretches.length);
    if (!stretches.length) return;
    at = Math.max(0, stretches.findIndex(([, endS]) => endS > player.time + 0.05));
    show();
    find("next").focus({ preventScroll: true });
  }

  /** `within`, "from,to" in seconds, limits the walk to a part of the recording. */
  async function label(path, name, within = "") {
    returnTo = /** @type {HTMLElement} */ (document.activeElement);
    try {
      open(name, await api("GET", `${url}${path}/${partQuery(within)}`));
    } catch (error) {
      bar.hidden = false;
      say(find("name"), name);
      say(find("total"), error.status === 404 ? "Nothing of it was read." : error.message);
      setEmpty(true);
    }
  }

  const listening = new AbortController();
  const onClick = (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const number = /** @type {HTMLElement | null} */ (target.closest("[data-walk-path]"));
    if (!number || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); // a link leads to another page, for where there is no player
    label(number.dataset.walkPath, number.dataset.walkLabel, number.dataset.within);
  };
  document.addEventListener("click", onClick, { signal: listening.signal });

  return {
    label,
    /** Walks stretches that are here already. */
    open(name, found) {
      returnTo = /** @type {HTMLElement} */ (document.activeElement);
      open(name, found);
    },
    /** Another report takes the place of the one that is walked. */
    stop() {
      listening.abort();
      bar.hidden = true;
    },
  };
}
