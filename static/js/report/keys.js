/* The keys of the report, wherever the focus is, except in fields and dialogs. */

const RATES = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
const ARROWS = ["ArrowLeft", "ArrowRight"];

/** The playback rate `step` places away from `rate`. */
export function nextRate(rate, step) {
  const distances = RATES.map((other) => Math.abs(other - rate));
  const at = distances.indexOf(Math.min(...distances));
  return RATES[Math.min(RATES.length - 1, Math.max(0, at + step))];
}

/** The first of `seconds` (in order) that lies after `timeS`, or with `step` -1 the last before it; null for none. */
export function neighbour(seconds, timeS, step) {
  if (step > 0) return seconds.find((second) => second > timeS + 0.05) ?? null;
  return seconds.findLast((second) => second < timeS - 0.35) ?? null;
}

/**
 * `actions` by what they do: `markQuestion()`, `writeNote()`, `goTo(kind, step)` with "evidence", "question" or "note",
 * `zoom(factor)`, `pan(step)`, `whole()`, `loop()`, `loopStart()`, `loopEnd()`, `showKeys()`. `frameS` is the length of
 * one frame, `rate.step(step)` changes the speed.
 */
export function bindKeys({ player, frameS, rate, actions }) {
  const plain = {
    " ": player.toggle,
    k: player.toggle,
    ArrowLeft: () => player.seek(player.time - 1),
    ArrowRight: () => player.seek(player.time + 1),
    j: () => player.seek(player.time - 10),
    l: () => player.seek(player.time + 10),
    ",": () => frame(-1),
    ".": () => frame(1),
    "<": () => rate.step(-1),
    ">": () => rate.step(1),
    Home: () => player.seek(0),
    End: () => player.seek(player.durationS),
    q: () => actions.markQuestion(),
    e: () => actions.goTo("evidence", 1),
    w: () => actions.goTo("question", 1),
    m: () => actions.goTo("note", 1),
    n: () => actions.writeNote(),
    "[": () => actions.loopStart(),
    "]": () => actions.loopEnd(),
    r: () => actions.loop(),
    "+": () => actions.zoom(2),
    "=": () => actions.zoom(2),
    "-": () => actions.zoom(0.5),
    0: () => actions.whole(),
    "?": () => actions.showKeys(),
  };
  const shifted = {
    e: () => actions.goTo("evidence", -1),
    w: () => actions.goTo("question", -1),
    m: () => actions.goTo("note", -1),
    ArrowLeft: () => actions.pan(-1),
    ArrowRight: () => actions.pan(1),
  };

  function frame(step) {
    player.pause();
    player.seek(player.time + step * frameS);
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const onControl = target.closest("button, a, summary, video, audio");
    if ([" ", "Home", "End"].includes(key) && onControl) return;
    if (ARROWS.includes(key) && target.closest("[role=tab], .mark, video, audio")) return;
    const act = (event.shiftKey && shifted[key]) || plain[key];
    if (!act) return;
    act();
    event.preventDefault();
  });
}
