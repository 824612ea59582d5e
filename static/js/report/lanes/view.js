/* The lanes under the player: what was read, said, asked and noted, over time. A click goes there. */
import { clock } from "../../shared/format.js";
import { GAP_TONES, drawLane, intervalAt } from "../../shared/lane.js";
import { onColoursChanged } from "../../shared/tokens.js";
import { createAxis } from "./axis.js";
import { bindGestures } from "./gestures.js";
import { createHoverCard } from "./hover_card.js";
import { drawSentences, sentenceAt } from "./sentences.js";
import { createTiles } from "./tiles.js";
import { Viewport } from "./viewport.js";
import { changeFrom, readingWords } from "./words.js";

const ZOOM_STEP = 2;
const PAN_STEP = 0.25; // of what is shown

/**
 * Draws the lanes and keeps playhead and readings with the player. `page` is what the server told the page's scripts;
 * `onSelect(startS, endS)` hears of a stretch that was selected.
 */
export function createLanes({ page, player, onSelect }) {
  const root = document.getElementById("lanes");
  const playhead = document.getElementById("playhead");
  const band = document.getElementById("stretch-band");
  const controls = root.querySelector("[data-zoom-controls]");
  const windowBar = root.querySelector("[data-zoom-window]");
  const viewport = new Viewport(player.durationS);
  const axis = createAxis(root.querySelector("[data-axis]"));
  const card = createHoverCard({ root: root.querySelector(".lanes-body") });
  const listeners = [];
  let sentences = [];
  let withPatterns = false;
  /** @type {[number, number] | null} */
  let stretch = null;
  let isFollowing = false;

  const tiles = createTiles({ url: page.urls.lanes, pyramid: page.pyramid, onArrived: () => drawStrips() });
  const strips = [...root.querySelectorAll("[data-lane]:has(canvas)")].map((element) => stripOf(element));

  function stripOf(element) {
    const canvas = element.querySelector("canvas");
    const now = element.querySelector("[data-lane-now]");
    const name = element.querySelector("[data-lane-name]").textContent;
    const base = { element, canvas, now, name };
    const view = () => /** @type {[number, number]} */ ([viewport.fromS, viewport.toS]);
    if (element.dataset.lane === "sentences") {
      return {
        ...base,
        draw: () => drawSentences(canvas, sentences, view()),
        read: (timeS) => sentenceAt(sentences, timeS),
        change: (timeS, step) => {
          const spans = sentences.map(({ id, start_s: startS, end_s: endS }) => [startS, endS, id, 0]);
          return changeFrom(/** @type {any} */ (spans), timeS, step);
        },
      };
    }
    const modality = page.modalities.find(({ key }) => key === element.dataset.lane);
    const lane = {
      tones: new Map([...modality.rows.map((row) => [row.label, row.tone]), ...GAP_TONES]),
      names: new Map(modality.rows.map((row) => [row.label, row.name])),
      gapNames: page.gap_names,
    };
    const intervals = () => tiles.intervals(modality.key, viewport, canvas.clientWidth);
    return {
      ...base,
      draw: () => drawLane(canvas, { ...lane, intervals: intervals() }, view(), withPatterns),
      read: (timeS) => readingWords(intervalAt(intervals(), timeS), lane),
      change: (timeS, step) => changeFrom(intervals(), timeS, step),
    };
  }

  /* ---- drawing ---- */

  function drawStrips() {
    for (const strip of strips) strip.draw();
    place(player.time);
  }

  function drawAll() {
    axis.draw(viewport);
    for (const button of controls.querySelectorAll("[data-zoom]")) {
      button.disabled = viewport.isWhole && Number(button.dataset.zoom) < 1;
    }
    windowBar.hidden = viewport.isWhole;
    const shown = windowBar.querySelector("i");
    shown.style.left = `${(viewport.fromS / viewport.durationS) * 100}%`;
    shown.style.width = `${(viewport.spanS / viewport.durationS) * 100}%`;
    if (stretch) frame(band, stretch);
    drawStrips();
    for (const listener of listeners) listener();
  }

  function frame(element, [startS, endS]) {
    const from = Math.max(0, viewport.shareOf(startS));
    const to = Math.min(1, viewport.shareOf(endS));
    element.hidden = to < 0 || from > 1;
    element.style.left = `${from * 100}%`;
    element.style.width = `${Math.max(0, to - from) * 100}%`;
  }

  function place(timeS) {
    const share = viewport.shareOf(timeS);
    playhead.hidden = share < 0 || share > 1;
    playhead.style.left = `${share * 100}%`;
    for (const { canvas, now, read } of strips) {
      const words = read(timeS);
      if (now.textContent !== words) now.textContent = words;
      if (canvas !== document.activeElement) continue;
      canvas.setAttribute("aria-valuenow", timeS.toFixed(1));
      canvas.setAttribute("aria-valuetext", `${clock(timeS)}, ${words}`);
    }
  }

  function follow(timeS) {
    if (isFollowing && player.isPlaying && !viewport.holds(timeS)) {
      viewport.show(timeS - viewport.spanS * 0.1, viewport.spanS);
      drawAll();
    }
    isFollowing = viewport.holds(timeS);
    place(timeS);
  }

  /* ---- what can be done with them ---- */

  const zoom = (factor, aroundS = player.time) => {
    viewport.zoom(factor, viewport.holds(aroundS) ? aroundS : viewport.fromS + viewport.spanS / 2);
    drawAll();
  };
  const pan = (share) => {
    viewport.pan(viewport.spanS * share);
    drawAll();
  };
  const whole = () => {
    viewport.whole();
    drawAll();
  };

  for (const button of controls.querySelectorAll("[data-zoom]")) {
    const factor = Number(button.dataset.zoom);
    button.onclick = () => (factor === 0 ? whole() : zoom(factor));
  }
  windowBar.onpointerdown = (event) => {
    const box = windowBar.getBoundingClientRect();
    const move = ({ clientX }) => {
      const centreS = ((clientX - box.left) / box.width) * viewport.durationS;
      viewport.show(centreS - viewport.spanS / 2, viewport.spanS);
      drawAll();
    };
    windowBar.setPointerCapture(event.pointerId);
    windowBar.onpointermove = move;
    windowBar.onpointerup = () => (windowBar.onpointermove = null);
    move(event);
  };

  for (const strip of strips) {
    const { canvas } = strip;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "slider");
    canvas.setAttribute("aria-valuemin", "0");
    canvas.setAttribute("aria-valuemax", player.durationS.toFixed(1));
    canvas.setAttribute("aria-valuenow", player.time.toFixed(1));
    const show = (share) =>
      card.show({
        element: strip.element,
        share,
        timeS: viewport.secondAt(share),
        name: strip.name,
        words: strip.read(viewport.secondAt(share)),
      });
    canvas.addEventListener("pointermove", (event) => {
      const box = canvas.getBoundingClientRect();
      show(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
    });
    canvas.addEventListener("pointerleave", card.hide);
    canvas.addEventListener("focus", () => place(player.time));
    canvas.addEventListener("blur", card.hide);
    canvas.addEventListener("keydown", (event) => {
      const step = { PageDown: 1, PageUp: -1 }[event.key];
      if (event.key === "Escape") card.hide();
      if (step) {
        event.preventDefault();
        const toS = strip.change(player.time, step);
        if (toS !== null) player.seek(toS);
      }
      if (!step && !["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
      requestAnimationFrame(() => {
        if (viewport.bring(player.time, player.time)) drawAll();
        show(viewport.shareOf(player.time));
      });
    });
  }

  bindGestures({
    root,
    surfaces: strips.map(({ canvas }) => canvas),
    viewport,
    onView: drawAll,
    onSeek: player.seek,
    onSelect,
  });

  async function open() {
    const problem = document.getElementById("lanes-problem");
    try {
      await tiles.open();
    } catch (error) {
      for (const { element } of strips) element.hidden = element.dataset.lane !== "sentences" || !sentences.length;
      problem.textContent = error.message;
    }
    root.setAttribute("aria-busy", "false");
    drawAll();
  }

  new ResizeObserver(drawAll).observe(root);
  onColoursChanged(drawAll);
  player.onTime(follow);
  open();

  return {
    zoom,
    pan: (step) => pan(step * PAN_STEP),
    whole,
    /** Puts an element over a stretch, within what is shown. */
    frame,
    zoomStep: ZOOM_STEP,
    viewport,
    /** `listener()` is called whenever other seconds are shown, or the width changed. */
    onView(listener) {
      listeners.push(listener);
      listener();
    },
    secondAt(event, element) {
      const box = element.getBoundingClientRect();
      return viewport.secondAt((event.clientX - box.left) / box.width);
    },
    setPatterns(on) {
      withPatterns = on;
      drawAll();
    },
    /** The stretch that is played or looped, framed on the lanes; null for none. */
    showStretch(span) {
      stretch = span;
      band.hidden = !span;
      if (!span) return;
      viewport.bring(span[0], span[1]);
      drawAll();
    },
    setSentences(fresh) {
      sentences = fresh;
      root.querySelector('[data-lane="sentences"]').hidden = !fresh.length;
      drawAll();
    },
  };
}
