/* The recording's clock: the video or the sound where the browser can play it, a plain position where it cannot. */
import { clock } from "../shared/format.js";
import { createSeeking } from "../shared/seeking.js";

/**
 * Wraps the page's <video> or <audio>. `durationS` is what the probe measured.
 * Listeners of `onTime` are called with the position in seconds on every frame while playing and after each seek, that
 * of `onProblem` when the browser turns out not to play it, or not to show its picture.
 */
export function createPlayer(durationS) {
  const video = document.getElementById("player");
  const seeking = video && createSeeking(video);
  const listeners = [];
  const seekListeners = [];
  let position = 0;
  let playable = Boolean(video?.hasAttribute("src"));
  let hasProblem = false;
  let onProblem = () => {};

  function report() {
    if (playable) position = seeking.time;
    const shown = document.getElementById("player-now");
    if (shown) shown.textContent = clock(position);
    for (const listener of listeners) listener(position);
  }

  function follow() {
    report();
    if (player.isPlaying) requestAnimationFrame(follow);
  }

  function showProblem() {
    video.classList.add("has-no-picture");
    hasProblem = true;
    onProblem();
  }

  function giveUp() {
    playable = false;
    showProblem();
  }

  if (video) {
    video.addEventListener("play", follow);
    for (const event of ["pause", "seeking", "seeked", "loadedmetadata"]) video.addEventListener(event, report);
    video.addEventListener("error", giveUp);
    // The picture's codec may be unknown while the sound plays. (Sound alone has no width at all.)
    const checkPicture = () => video.videoWidth === 0 && showProblem();
    video.addEventListener("loadedmetadata", checkPicture);
    video.addEventListener("loadedmetadata", () => (playable ||= goOn()));
    if (video.readyState >= HTMLMediaElement.HAVE_METADATA) checkPicture();
    if (video.error) giveUp();
  }

  /** What was loaded later begins where the page's clock stands. */
  function goOn() {
    seeking.seek(position);
    return true;
  }

  const player = {
    durationS,
    get time() {
      return playable ? seeking.time : position;
    },
    get isPlaying() {
      return playable && !video.paused && !video.ended;
    },
    get rate() {
      return video ? video.playbackRate : 1;
    },
    set rate(rate) {
      if (video) video.playbackRate = rate;
    },
    /** Moves the position without the listeners of `onSought`: what a stretch does when it begins again. */
    jump(seconds) {
      position = Math.min(Math.max(0, seconds), durationS);
      if (playable) seeking.seek(position);
      report();
    },
    seek(seconds) {
      player.jump(seconds);
      for (const listener of seekListeners) listener(position);
    },
    pause() {
      if (playable) video.pause();
    },
    toggle() {
      if (!playable) return;
      if (video.paused) player.play();
      else video.pause();
    },
    play() {
      if (playable) video.play().catch(() => {}); // refused by the browser: the position is right all the same
    },
    /** Scrolls to the player where all of it is out of sight, as on a telephone. */
    show() {
      const place = video?.getBoundingClientRect();
      if (place && (place.bottom < 56 || place.top > innerHeight)) video.scrollIntoView();
    },
    /** Play another file of the same recording, from the second that is shown. */
    load(url, poster) {
      position = player.time;
      playable = hasProblem = false;
      video.classList.remove("has-no-picture");
      if (poster) video.poster = poster;
      video.src = url;
    },
    /** `listener` is called at once where there is a problem already. */
    onProblem(listener) {
      onProblem = listener;
      if (hasProblem) listener();
    },
    onTime(listener) {
      listeners.push(listener);
      listener(player.time);
    },
    /** `listener` is called after each seek that somebody asked for on the page. */
    onSought(listener) {
      seekListeners.push(listener);
    },
    forgetListeners() {
      listeners.length = seekListeners.length = 0;
    },
  };
  return player;
}
