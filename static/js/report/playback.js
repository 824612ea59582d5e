/* What the player plays: the recording itself where browsers play it, or else the copy, once it is made. */
import { api } from "../shared/api.js";
import { percent } from "../shared/format.js";
import { poll } from "../shared/polling.js";
import { announce } from "../shared/text.js";

/**
 * Shows the state of the recording's playback below the player, follows a copy that is being made, and asks for one
 * where this browser turns out not to play the recording.
 * @param {{player: ReturnType<typeof import("./player.js").createPlayer>, url: string, initial: any}} options `url`
 *   is the API's, `initial` its answer as the page came
 */
export function createPlayback({ player, url, initial }) {
  const parts = Object.fromEntries(
    ["copy", "preparing", "failed", "problem"].map((name) => [name, document.getElementById(`player-${name}`)]),
  );
  const retry = parts.failed.querySelector("[data-retry]");
  let state = initial;
  /** @type {ReturnType<typeof poll> | null} */
  let polling = null;

  function show(fresh) {
    state = fresh;
    for (const name of ["copy", "preparing", "failed"]) parts[name].hidden = state.state !== name;
    for (const place of document.querySelectorAll("[data-playback-obstacle]")) place.textContent = state.obstacle;
    parts.failed.querySelector("[data-reason]").textContent = state.reason;
    parts.preparing.querySelector("[data-progress]").textContent = state.progress ? percent(state.progress) : "";
  }

  function follow() {
    polling?.stop();
    polling = poll({
      ask: () => api("GET", url),
      take(fresh) {
        show(fresh);
        if (fresh.state === "preparing") return true;
        if (fresh.state === "copy") {
          parts.problem.hidden = true;
          player.load(fresh.url, fresh.poster);
          announce("The recording can be watched now.");
        }
        return false;
      },
      onProblem: () => {}, // asked again by itself; the notice stays true
    });
  }

  async function request() {
    try {
      show(await api("POST", url));
    } catch {
      parts.problem.hidden = state.state === "failed";
      if (state.state !== "copy") return;
    }
    follow();
  }

  player.onProblem(() => {
    if (state.state === "original") request();
    else if (state.state === "copy") parts.problem.hidden = false;
  });
  retry.hidden = false;
  retry.addEventListener("click", request);
  if (state.state === "preparing") follow();
}
