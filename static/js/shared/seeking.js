/* Seeks of a media element, one at a time: browsers do not always end a seek that another one interrupts. */

const HANGS_MS = 3000;

/**
 * Coalesces the seeks of `media`. While one is on its way, only the newest target is remembered; it follows when that
 * one ends. A seek that does not end within HANGS_MS is begun again, each time after twice as long, since a slow
 * network takes its time as well. A seek by the browser's own controls replaces what is remembered.
 * @param {HTMLMediaElement} media
 */
export function createSeeking(media) {
  /** @type {number | null} */
  let nextS = null; // follows when the seek on its way ends
  let targetS = 0; // of the seek on its way
  let patienceMs = HANGS_MS;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function begin(seconds) {
    targetS = seconds;
    nextS = null;
    media.currentTime = seconds;
  }

  function watch() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!media.seeking) return;
      patienceMs *= 2;
      begin(nextS ?? targetS);
    }, patienceMs);
  }

  function forget() {
    clearTimeout(timer);
    nextS = null;
    patienceMs = HANGS_MS;
  }

  media.addEventListener("seeking", () => {
    if (Math.abs(media.currentTime - targetS) > 0.01) {
      targetS = media.currentTime;
      nextS = null;
    }
    watch();
  });
  media.addEventListener("seeked", () => {
    const seconds = nextS;
    forget();
    if (seconds !== null) begin(seconds);
  });
  for (const event of ["emptied", "error"]) media.addEventListener(event, forget);

  return {
    /** Where the element stands once all seeks have ended. */
    get time() {
      return nextS ?? media.currentTime;
    },
    seek(seconds) {
      if (media.seeking) nextS = seconds;
      else begin(seconds);
    },
  };
}
