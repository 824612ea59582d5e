/* How bright the picture is, judged here: for when no frame is analysed, or no answer has come yet. */

const WIDTH = 32;
const HEIGHT = 18;
const DARK = 45; // mean luma of 255
const BRIGHT = 225;

export const SENTENCES = {
  dark: "It is dark. Turn on a light in front of you.",
  bright: "The picture is very bright. Turn away from the window or the lamp.",
  good: "",
};

/** "dark", "bright" or "good" for pixels in RGBA order. */
export function lightOf(pixels) {
  let sum = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    sum += 0.2126 * pixels[at] + 0.7152 * pixels[at + 1] + 0.0722 * pixels[at + 2];
  }
  const mean = sum / (pixels.length / 4);
  if (mean < DARK) return "dark";
  return mean > BRIGHT ? "bright" : "good";
}

/** The same for what a video shows now; "" while it shows nothing. */
export function lightIn(video) {
  if (!video.videoWidth) return "";
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const options = { willReadFrequently: true };
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", options));
  context.drawImage(video, 0, 0, WIDTH, HEIGHT);
  return lightOf(context.getImageData(0, 0, WIDTH, HEIGHT).data);
}
