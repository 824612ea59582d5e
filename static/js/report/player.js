/* The recording's clock: the video where the browser can play it, a plain position where it cannot. */
import { clock } from "../shared/format.js";

/**
 * Wraps the page's <video>. `durationS` is what the probe measured: recordings made in browsers often declare none.
 * Listeners of `onTime` are called with the position in seconds on every frame while playing and after each seek.
 */
export function createPlayer(durationS) {
  const video = document.getElementById("player");
  const listeners = [];
  let position = 0;
  let playable = Boolean(video);

  function report() {
    if (playable) position = video.currentTime;
    const shown = document.getElementById("player-now");
    if (shown) shown.textContent = clock(position);
    for (const listener of listeners) listener(position);
  }

  function follow() {
    report();
    if (playable && !video.paused && !video.ended) requestAnimationFrame(follow);
  }

  function showProblem() {
    video.classList.add("has-no-picture");
    document.getElementById("player-problem").hidden = false;
  }

  function giveUp() {
    playable = false;
    showProblem();
  }

  if (video) {
    document.getElementById("player-bar").hidden = false;
    video.addEventListener("play", follow);
    for (const event of ["pause", "seeking", "seeked", "loadedmetadata"]) video.addEventListener(event, report);
    video.addEventListener("error", giveUp);
    // The picture's codec may be unknown while the sound plays.
    const checkPicture = () => video.videoWidth === 0 && showProblem();
    video.addEventListener("loadedmetadata", checkPicture);
    if (video.readyState >= HTMLMediaElement.HAVE_METADATA) checkPicture();
    if (video.error) giveUp();
  }

  const player = {
    durationS,
    get time() {
      return playable ? video.currentTime : position;
    },
    seek(seconds) {
      position = Math.min(Math.max(0, seconds), durationS);
      if (playable) video.currentTime = position;
      report();
    },
    toggle() {
      if (!playable) return;
      if (video.paused) player.play();
      else video.pause();
    },
    play() {
      if (playable) video.play().catch(() => {}); // refused by the browser: the position is right all the same
    },
    onTime(listener) {
      listeners.push(listener);
      listener(player.time);
    },
    forgetListeners() {
      listeners.length = 0;
    },
  };
  return player;
}

/** Keys of the player, wherever the focus is, except in fields and dialogs. `markQuestion` answers Q. */
export function bindKeys(player, markQuestion) {
  const steps = { ArrowLeft: -1, ArrowRight: 1, j: -10, l: 10, ",": -0.1, ".": 0.1 };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const onControl = target.closest("button, a, summary, video");
    const isArrow = key.startsWith("Arrow");
    if ((key === " " && onControl) || (isArrow && target.closest("[role=tab], .mark, video"))) return;
    if (key === " " || key === "k") player.toggle();
    else if (key in steps) player.seek(player.time + steps[key]);
    else if (key === "Home" && !onControl) player.seek(0);
    else if (key === "End" && !onControl) player.seek(player.durationS);
    else if (key === "q") markQuestion();
    else return;
    event.preventDefault();
  });
}
