/* The stretch that is played: an item of evidence, a label's stretch, a loop. It stops at its end or begins again. */
import { clock } from "../shared/format.js";

const AT_END_S = 0.03; // a frame before the end counts as the end

/**
 * `onChange(span)` hears of the stretch that is framed now, null for none.
 * @param {{player: any, onChange: (span: [number, number] | null) => void}} options
 */
export function createStretch({ player, onChange }) {
  const button = /** @type {HTMLElement | null} */ (document.querySelector("[data-loop]"));
  /** @type {[number, number] | null} */
  let span = null;
  let isLoop = false;
  let startS = null; // of a loop whose end is not set yet

  function show() {
    if (button) {
      button.setAttribute("aria-pressed", String(isLoop));
      const looped = isLoop && span ? ` ${clock(span[0])}–${clock(span[1])}` : "";
      button.querySelector("[data-loop-span]").textContent = startS === null ? looped : ` from ${clock(startS)}`;
    }
    onChange(span);
  }

  player.onTime((timeS) => {
    if (!span || !player.isPlaying || timeS < span[1] - AT_END_S) return;
    if (isLoop) player.jump(span[0]);
    else {
      player.pause();
      player.jump(span[1]);
      span = null; // what is played next goes on
      onChange([...played]);
    }
  });
  /** @type {[number, number]} */
  let played = [0, 0];
  player.onSought((timeS) => {
    if (!span || (timeS >= span[0] - AT_END_S && timeS < span[1])) return;
    span = null;
    isLoop = false;
    show();
  });

  const self = {
    /** Plays from `fromS` and stops at `toS`. */
    play(fromS, toS) {
      span = played = [fromS, Math.max(toS, fromS + 0.1)];
      startS = null;
      player.jump(fromS);
      player.play();
      player.show();
      show();
    },
    /** Loops a stretch that was selected. */
    loop(fromS, toS) {
      isLoop = true;
      self.play(fromS, toS);
    },
    /** The loop begins, or ends, where the player stands. */
    setStart() {
      startS = player.time;
      span = null;
      isLoop = false;
      show();
    },
    setEnd() {
      if (startS === null || player.time <= startS + 0.1) return;
      self.loop(startS, player.time);
    },
    /** Turns the loop of the stretch on or off. Without a stretch it is the last one that was played. */
    toggle() {
      if (isLoop) {
        isLoop = false;
        span = null;
        show();
      } else if (span || played[1] > 0) {
        const [fromS, toS] = span ?? played;
        self.loop(fromS, toS);
      } else self.setStart();
    },
  };
  if (button) button.onclick = self.toggle;
  return self;
}
