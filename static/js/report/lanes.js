/* Four lanes under the player: what each recogniser read, over time; a click goes there. */
import { clock, percent } from "../shared/format.js";
import { drawLane, intervalAt } from "../shared/lane.js";
import { onColoursChanged } from "../shared/tokens.js";

/**
 * Draws the lanes and keeps playhead and readings with the player.
 * `lanes` maps a modality's key to `{intervals, tones: Map(label -> tone), names: Map(label -> name),
 * gapNames: Map(reason -> name)}`, where the intervals contain the gaps that are drawn.
 */
export function createLanes({ player, lanes }) {
  const root = document.getElementById("lanes");
  const playhead = document.getElementById("playhead");
  const band = document.getElementById("evidence-band");
  let withPatterns = false;
  root.setAttribute("aria-busy", "false");

  const strips = [...root.querySelectorAll("[data-lane]")]
    .map((element) => ({
      canvas: element.querySelector("canvas"),
      now: element.querySelector("[data-lane-now]"),
      lane: lanes[element.dataset.lane],
    }))
    .filter((strip) => strip.canvas && strip.lane);

  const secondAt = (event, element) => {
    const box = element.getBoundingClientRect();
    return (Math.min(Math.max(0, event.clientX - box.left), box.width) / box.width) * player.durationS;
  };

  function reading(lane, timeS) {
    const found = intervalAt(lane.intervals, timeS);
    if (!found) return "not measured";
    const [, , label, confidence] = found;
    if (lane.gapNames.has(label)) return lane.gapNames.get(label);
    const name = lane.names.get(label) || label;
    return label === "unknown" ? name : `${name} ${percent(confidence)}`;
  }

  function drawAll() {
    for (const { canvas, lane } of strips) drawLane(canvas, lane, player.durationS, withPatterns);
    place(player.time);
  }

  function place(timeS) {
    playhead.style.left = `${(timeS / player.durationS) * 100}%`;
    for (const { now, lane } of strips) now.textContent = reading(lane, timeS);
  }

  for (const { canvas, lane } of strips) {
    const seek = (event) => player.seek(secondAt(event, canvas));
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      seek(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.buttons) seek(event);
      const timeS = secondAt(event, canvas);
      canvas.title = `${clock(timeS)} ${reading(lane, timeS)}`;
    });
  }

  new ResizeObserver(drawAll).observe(root);
  onColoursChanged(drawAll);
  player.onTime(place);

  return {
    secondAt,
    setPatterns(on) {
      withPatterns = on;
      drawAll();
    },
    showEvidence(startS, endS) {
      band.hidden = false;
      band.style.left = `${(startS / player.durationS) * 100}%`;
      band.style.width = `${((endS - startS) / player.durationS) * 100}%`;
    },
  };
}
