/* The live lanes: the last 60 seconds of each modality, painted a few times a second. */
import { percent } from "../../shared/format.js";
import { drawLane } from "../../shared/lane.js";
import { onColoursChanged } from "../../shared/tokens.js";
import { labelled, words } from "./page.js";
import { RollingLane, WINDOW_MS } from "./rolling_lane.js";

const SPOKEN_EVERY_MS = 5_000; // the words beside the picture need not follow every frame

/** Calls of `tick(nowMs)` move the lanes; `nowMs` is the server's clock, as the readings' capture times are. */
export function createLiveLanes() {
  let withPatterns = false;
  let lastMs = 0;
  let spokenMs = 0;
  const lanes = words.modalities.map(({ key, name }) => ({
    key,
    name,
    canvas: document.querySelector(`[data-lane="${key}"]`),
    rolling: new RollingLane(),
    tones: new Map(),
  }));

  function paint() {
    for (const { canvas, rolling, tones } of lanes) {
      const columnMs = WINDOW_MS / Math.max(1, canvas.clientWidth);
      const edgeMs = Math.floor(lastMs / columnMs) * columnMs; // whole columns, or their borders would flicker
      drawLane(canvas, { intervals: rolling.intervals(edgeMs), tones }, [0, WINDOW_MS / 1000], withPatterns);
    }
  }

  function speak() {
    for (const { key, name, canvas, rolling } of lanes) {
      const shares = rolling.shares(lastMs).slice(0, 3);
      const listed = shares.map(([label, share]) => `${labelled(key, label).name} ${percent(share)}`).join(", ");
      canvas.setAttribute("aria-label", `${name}, last 60 seconds: ${listed || "nothing measured"}`);
    }
  }

  onColoursChanged(paint);
  return {
    take({ captured_ms: capturedMs, modalities }) {
      for (const { key, rolling, tones } of lanes) {
        const read = modalities[key];
        if (!read) continue;
        if (read.label) tones.set(read.label, labelled(key, read.label).tone);
        rolling.add(capturedMs, read);
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
