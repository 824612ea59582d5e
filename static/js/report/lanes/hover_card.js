/* The card at the pointer: the second, the picture there, and what the lane says of it. */
import { clock } from "../../shared/format.js";
import { createSeeking } from "../../shared/seeking.js";

/**
 * `root` holds the lanes. The picture is a second, silent player of the same file, made when it is first needed.
 * @param {{root: HTMLElement}} options
 */
export function createHoverCard({ root }) {
  const card = /** @type {HTMLElement} */ (root.querySelector("[data-hover-card]"));
  const find = (hook) => /** @type {HTMLElement} */ (card.querySelector(`[data-hover-${hook}]`));
  /** @type {HTMLVideoElement | null} */
  let preview = null;
  /** @type {any} */
  let seeking = null; // of the preview

  function source() {
    const player = /** @type {HTMLVideoElement | null} */ (document.querySelector("video#player"));
    return player && player.videoWidth > 0 && !player.classList.contains("has-no-picture") ? player.currentSrc : "";
  }

  function showPicture(timeS) {
    const url = source();
    find("picture").hidden = !url;
    if (!url) return;
    if (!preview || preview.src !== url) {
      preview = document.createElement("video");
      preview.muted = true;
      preview.preload = "metadata";
      preview.tabIndex = -1;
      preview.src = url;
      seeking = createSeeking(preview);
      find("picture").replaceChildren(preview);
    }
    if (Math.abs(seeking.time - timeS) >= 0.02) seeking.seek(timeS);
  }

  return {
    /** Shows the card above the lane `element`, at `share` of its width. */
    show({ element, share, timeS, name, words }) {
      find("time").textContent = clock(timeS);
      find("name").textContent = name;
      find("words").textContent = words;
      card.hidden = false;
      showPicture(timeS);
      const width = root.clientWidth;
      const half = card.offsetWidth / 2;
      card.style.left = `${Math.min(Math.max(half, share * width), Math.max(half, width - half))}px`;
      // Above the lanes, beneath the player: it never lies over a lane that is pointed at.
      const top = element.getBoundingClientRect().top - root.getBoundingClientRect().top;
      card.style.top = `${top - card.offsetHeight - 6}px`;
    },
    hide() {
      card.hidden = true;
    },
  };
}
