/* Wheel, pinch and drag on the lanes. */

const WHEEL_STEP = 0.0022;
const SELECTED_PX = 4; // less is a click

/**
 * A drag scrubs; with Shift it selects a stretch. Two fingers zoom and pan. Ctrl and the wheel (or a pinch on a track
 * pad) zoom, a sideways wheel pans; once the lanes have the focus the plain wheel zooms too.
 * @param {{root: HTMLElement, surfaces: HTMLElement[], viewport: import("./viewport.js").Viewport,
 *   onView: () => void, onSeek: (second: number) => void, onSelect: (startS: number, endS: number) => void}} options
 */
export function bindGestures({ root, surfaces, viewport, onView, onSeek, onSelect }) {
  /** @type {Map<number, number>} shares of the width by pointer */
  const pointers = new Map();
  /** @type {{share: number, x: number} | null} */
  let selectFrom = null;

  const shareAt = (event, surface) => {
    const box = surface.getBoundingClientRect();
    return (event.clientX - box.left) / box.width;
  };

  function pinch(event, share) {
    const [one, other] = [...pointers.entries()].map(([id, at]) => (id === event.pointerId ? [at, share] : [at, at]));
    const before = [viewport.secondAt(one[0]), viewport.secondAt(other[0])];
    const gap = Math.abs(one[1] - other[1]);
    if (gap < 0.02) return;
    const spanS = Math.abs(before[0] - before[1]) / gap;
    viewport.show(Math.min(...before) - Math.min(one[1], other[1]) * spanS, spanS);
    onView();
  }

  for (const surface of surfaces) {
    surface.addEventListener("pointerdown", (event) => {
      if (event.button > 0) return;
      surface.setPointerCapture(event.pointerId);
      const share = shareAt(event, surface);
      pointers.set(event.pointerId, share);
      if (event.shiftKey) selectFrom = { share, x: event.clientX };
      else if (pointers.size === 1) onSeek(viewport.secondAt(share));
    });
    surface.addEventListener("pointermove", (event) => {
      if (!pointers.has(event.pointerId)) return;
      const share = shareAt(event, surface);
      if (pointers.size === 2) pinch(event, share);
      else if (!selectFrom) onSeek(viewport.secondAt(share));
      pointers.set(event.pointerId, share);
    });
    const release = (event) => {
      pointers.delete(event.pointerId);
      if (!selectFrom) return;
      const [oneS, otherS] = [selectFrom.share, shareAt(event, surface)].map((share) => viewport.secondAt(share));
      const isDrag = Math.abs(event.clientX - selectFrom.x) >= SELECTED_PX;
      if (isDrag) onSelect(Math.min(oneS, otherS), Math.max(oneS, otherS));
      selectFrom = null;
    };
    surface.addEventListener("pointerup", release);
    surface.addEventListener("pointercancel", release);
  }

  root.addEventListener(
    "wheel",
    (event) => {
      const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
      const isZoom = event.ctrlKey || event.metaKey || (!isSideways && root.contains(document.activeElement));
      if (!isZoom && !isSideways) return;
      if (isSideways && !isZoom && viewport.isWhole) return;
      event.preventDefault();
      if (isZoom) viewport.zoom(Math.exp(-event.deltaY * WHEEL_STEP), viewport.secondAt(shareAt(event, surfaces[0])));
      else viewport.pan(((event.deltaX || event.deltaY) / surfaces[0].clientWidth) * viewport.spanS);
      onView();
    },
    { passive: false },
  );
}
