/* One's own picture, wherever it is shown. */

/** Keeps `section`'s own picture at the camera's track; returns the function that does it. */
export function createPreview(room, section) {
  const video = section.querySelector("[data-preview]");
  const empty = video.parentElement.querySelector("[data-preview-empty]");
  let shown = null;
  return function show() {
    const { camera } = room.devices.tracks;
    const track = room.devices.isOn.camera ? camera : null;
    if (track !== shown) {
      shown = track;
      video.srcObject = track ? new MediaStream([track]) : null;
    }
    empty.hidden = Boolean(track);
  };
}
