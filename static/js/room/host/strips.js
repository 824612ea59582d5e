/* The rolling strips: the last 60 seconds of each modality, painted a few times a second. */
import { percent } from "../../format.js";
import { drawLane } from "../../report/lanes.js";
import { onColoursChanged } from "../../tokens.js";
import { labelled, words } from "./page.js";
import { RollingStrip, WINDOW_MS } from "./strip.js";

const SPOKEN_EVERY_MS = 5_000; // the words beside the picture need not follow every frame

/** Calls of `tick(nowMs)` move the strips; `nowMs` is the server's clock, as the readings' capture times are. */
export function createStrips() {
  let withPatterns = false;
  let lastMs = 0;
  let spokenMs = 0;
  const strips = words.modalities.map(({ key, name }) => ({
    key,
    name,
    canvas: document.querySelector(`[data-strip="${key}"]`),
    strip: new RollingStrip(),
    tones: new Map(),
  }));

  function paint() {
    for (const { canvas, strip, tones } of strips) {
      const columnMs = WINDOW_MS / Math.max(1, canvas.clientWidth);
      const edgeMs = Math.floor(lastMs / columnMs) * columnMs; // whole columns, or their borders would flicker
      drawLane(canvas, { intervals: strip.intervals(edgeMs), tones }, WINDOW_MS / 1000, withPatterns);
    }
  }

  function speak() {
    for (const { key, name, canvas, strip } of strips) {
      const shares = strip.shares(lastMs).slice(0, 3);
      const listed = shares.map(([label, share]) => `${labelled(key, label).name} ${percent(share)}`).join(", ");
      canvas.setAttribute("aria-label", `${name}, last 60 seconds: ${listed || "nothing measured"}`);
    }
  }

  onColoursChanged(paint);
  return {
    take({ captured_ms: capturedMs, modalities }) {
      for (const { key, strip, tones } of strips) {
        const read = modalities[key];
        if (!read) continue;
        if (read.label) tones.set(read.label, labelled(key, read.label).tone);
        strip.add(capturedMs, read);
      }
    },
    tick(nowMs) {
      lastMs = nowMs;
      paint();
      if (nowMs - spokenMs < SPOKEN_EVERY_MS) return;
      spokenMs = nowMs;
      speak();
    },
    setPatterns(on) {
      withPatterns = on;
      paint();
    },
  };
}
