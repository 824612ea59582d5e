/* The pies of the modalities (Chart.js). The tables beside them carry the same numbers and lead to the same seconds. */
import { createDoughnut } from "../shared/doughnut.js";

/** One pie per measured modality, in its own canvas; `onChoose(modality, row)` hears of a slice that was clicked. */
export function createPies(modalities, onChoose) {
  return modalities
    .filter((modality) => modality.available)
    .map((modality) => {
      const canvas = document.querySelector(`[data-modality="${modality.key}"] [data-pie]`);
      const pie = createDoughnut(canvas, { onChoose: (row) => onChoose(modality, row) });
      pie.draw(modality.rows);
      return pie;
    });
}
