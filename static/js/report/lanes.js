/* Four lanes under the player: what each recogniser read, over time; a click goes there. */
import { clock, percent } from "../format.js";
import { onColoursChanged } from "../tokens.js";
import { fillOf } from "./patterns.js";

/**
 * The label that takes most of each pixel column, "" where most of it was not observed.
 * Pure: intervals are `[start_s, end_s, label, confidence]` in order; returns an array of `columns` labels.
 */
export function binned(intervals, durationS, columns) {
  const labels = new Array(columns).fill("");
  if (!(durationS > 0)) return labels;
  const columnS = durationS / columns;
  const seconds = Array.from({ length: columns }, () => new Map());
  for (const [startS, endS, label] of intervals) {
    const first = Math.max(0, Math.floor(startS / columnS));
    const last = Math.min(columns - 1, Math.ceil(endS / columnS) - 1);
    for (let column = first; column <= last; column += 1) {
      const overlap = Math.min(endS, (column + 1) * columnS) - Math.max(startS, column * columnS);
      seconds[column].set(label, (seconds[column].get(label) || 0) + overlap);
    }
  }
  seconds.forEach((byLabel, column) => {
    let observed = 0;
    let longest = 0;
    for (const [label, length] of byLabel) {
      observed += length;
      if (length > longest) {
        longest = length;
        labels[column] = label;
      }
    }
    if (observed < columnS / 2) labels[column] = "";
  });
  return labels;
}

/** The interval that holds `timeS`, or null: binary search, there may be a hundred thousand of them. */
export function intervalAt(intervals, timeS) {
  let low = 0;
  let high = intervals.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (timeS < intervals[middle][0]) high = middle - 1;
    else if (timeS >= intervals[middle][1]) low = middle + 1;
    else return intervals[middle];
  }
  return null;
}

/** Paints a lane's intervals over a canvas that spans `durationS`. */
export function drawLane(canvas, lane, durationS, withPatterns) {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (!width) return;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const fills = new Map();
  const fill = (tone) => {
    if (!fills.has(tone)) fills.set(tone, fillOf(context, tone, withPatterns));
    return fills.get(tone);
  };
  const labels = binned(lane.intervals, durationS, width);
  let from = 0;
  for (let column = 1; column <= width; column += 1) {
    if (column < width && labels[column] === labels[from]) continue;
    context.fillStyle = fill(lane.tones.get(labels[from]) || "unmeasured");
    context.fillRect(from, 0, column - from, height);
    from = column;
  }
}

/**
 * Draws the lanes and keeps playhead and readings with the player.
 * `lanes` maps a modality's key to `{intervals, tones: Map(label -> tone), names: Map(label -> name)}`.
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
