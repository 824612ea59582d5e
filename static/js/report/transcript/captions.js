/* The transcript as the player's captions. */

/** Gives the player its captions, or new ones after a correction; whether they are shown stays as it was. */
export function writeCaptions(url, { isNew }) {
  const video = document.getElementById("player");
  const before = video?.querySelector("track");
  if (!video || (before && !isNew)) return;
  const mode = before?.track.mode || "disabled";
  before?.remove();
  const track = document.createElement("track");
  track.kind = "captions";
  track.srclang = "en";
  track.label = "English (written by software)";
  track.src = before ? `${url}?${Date.now()}` : url;
  video.append(track);
  track.track.mode = mode;
}

export function removeCaptions() {
  document.querySelector("#player track")?.remove();
}
