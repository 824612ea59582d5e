/* Where no peer connection can be made: the candidate in the pictures that are sent for analysis, a few a second. */
import { config } from "./page.js";

const EVERY_MS = 400;
const AFTER_FAILURE_MS = 2_000;

/** `onPicture()` hears that there is a first picture, or none any more. */
export function createFallback({ image, socket, onPicture }) {
  let timer = 0;
  let address = "";
  const state = { isOn: false, hasPicture: false };

  function forget() {
    if (address) URL.revokeObjectURL(address);
    address = "";
    state.hasPicture = false;
  }

  function put(blob) {
    const isFirst = !state.hasPicture;
    const old = address;
    address = URL.createObjectURL(blob);
    image.src = address;
    state.hasPicture = true;
    if (old) URL.revokeObjectURL(old);
    if (isFirst) onPicture();
  }

  async function fetchOne() {
    let waitMs = EVERY_MS;
    try {
      const response = await fetch(config.api.frame, { credentials: "same-origin" });
      if (!state.isOn) return;
      if (response.status === 200) put(await response.blob());
      else waitMs = AFTER_FAILURE_MS;
    } catch {
      waitMs = AFTER_FAILURE_MS; // the network is away; the socket says so
    }
    if (state.isOn) timer = setTimeout(fetchOne, waitMs);
  }

  // The request ends with the connection.
  socket.on("welcome", () => state.isOn && socket.send("picture", { wanted: true }));

  return Object.assign(state, {
    start() {
      if (state.isOn) return;
      state.isOn = true;
      socket.send("picture", { wanted: true });
      fetchOne();
    },
    stop() {
      if (!state.isOn) return;
      state.isOn = false;
      clearTimeout(timer);
      socket.send("picture", { wanted: false });
      forget();
      onPicture();
    },
  });
}
