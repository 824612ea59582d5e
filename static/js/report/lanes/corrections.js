/* What people said of labels: a mark for each on its own lane, and its stretch outlined on the lane it is about. No
   reading changes by it. */
import { createMarks } from "./marks.js";

/**
 * @param {object} options
 * @param {any} options.lanes
 * @param {any} options.player
 * @param {{play: (startS: number, endS: number) => void}} options.stretch
 * @param {{id: string, modality: string, at_s: number, end_s: number, text: string}[]} options.corrections
 */
export function showCorrections({ lanes, player, stretch, corrections }) {
  const root = /** @type {HTMLElement} */ (document.getElementById("correction-marks"));
  const outlines = corrections.flatMap((correction) => {
    const lane = document.querySelector(`[data-lane="${correction.modality}"]`);
    if (!lane) return [];
    const outline = document.createElement("i");
    outline.className = "lane-correction";
    lane.append(outline);
    return [{ outline, correction }];
  });
  /** @type {HTMLElement} */ (root.parentElement).hidden = !corrections.length;
  createMarks({
    root,
    lanes,
    player,
    letter: "L",
    kind: "label correction",
    go: ({ at_s: startS, end_s: endS }) => stretch.play(startS, endS),
  }).draw(corrections);
  lanes.onView(() => {
    for (const { outline, correction } of outlines) lanes.frame(outline, [correction.at_s, correction.end_s]);
  });
}
