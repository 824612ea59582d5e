/* The lanes' readings, tile by tile, in the resolution that the screen shows. */
import { api } from "../../shared/api.js";
import { tilesFor } from "./viewport.js";

/** @typedef {import("../../shared/lane.js").Interval} Interval */
/** @typedef {{from_s: number, to_s: number, modalities: Record<string, Interval[]>}} Tile */

/**
 * `url` is the address of the tiles, `pyramid` their shape; `onArrived()` is called when a finer tile can be drawn.
 * @param {{url: string, pyramid: {columns: number, factor: number, levels: number}, onArrived: () => void}} options
 */
export function createTiles({ url, pyramid, onArrived }) {
  /** @type {Map<string, Tile | null>} null while it is on its way */
  const tiles = new Map();

  async function load(level, number) {
    const key = `${level}/${number}`;
    if (tiles.has(key)) return;
    tiles.set(key, null);
    try {
      tiles.set(key, await api("GET", `${url}${key}/`));
      onArrived();
    } catch (error) {
      tiles.delete(key); // asked again with the next move
      if (level === 0) throw error;
    }
  }

  /** The intervals of each of these tiles; null unless all of them are here. */
  function held(level, numbers, modality) {
    const found = numbers.map((number) => tiles.get(`${level}/${number}`));
    return found.every(Boolean) ? found.map((tile) => tile?.modalities[modality] || []) : null;
  }

  return {
    /** The tile of the whole recording; rejects where there are no readings. */
    open: () => load(0, 0),
    /** The intervals of `modality` in view, as fine as they are here; asks for finer ones. */
    intervals(modality, viewport, widthPx) {
      const { level, numbers } = tilesFor(viewport, pyramid, widthPx);
      const wanted = held(level, numbers, modality);
      if (wanted) return joined(wanted);
      for (const number of numbers) load(level, number);
      for (let coarser = level - 1; coarser >= 0; coarser -= 1) {
        const found = tilesFor(viewport, { ...pyramid, levels: coarser + 1 }, widthPx);
        const have = held(found.level, found.numbers, modality);
        if (have) return joined(have);
      }
      return [];
    },
  };
}

/** What reaches from one tile into the next is in both, and stands once. */
export function joined(parts) {
  const all = [];
  for (const part of parts) {
    for (const interval of part) if (!all.length || interval[0] > all.at(-1)[0]) all.push(interval);
  }
  return all;
}
