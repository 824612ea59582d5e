/* The panel that shows how far an upload is: share, bytes, speed and what remains. */
import { bytes, wait } from "../shared/format.js";

const WINDOW_MS = 8000; // the speed is that of the last seconds

export function createProgress(panel) {
  const find = (name) => panel.querySelector(`[data-${name}]`);
  const title = panel.querySelector("h2");
  let size = 0;
  let samples = [];

  function bytesPerSecond(now) {
    const [oldest] = samples;
    const newest = samples[samples.length - 1];
    return now - oldest.at > 500 ? ((newest.sent - oldest.sent) * 1000) / (now - oldest.at) : 0;
  }

  const progress = {
    show(on) {
      panel.hidden = !on;
    },
    start(total) {
      size = total;
      samples = [];
      title.textContent = "Uploading";
      find("cancel").hidden = false;
      find("rate").textContent = "";
      progress.sent(0);
    },
    sent(count) {
      const now = performance.now();
      samples.push({ at: now, sent: count });
      samples = samples.filter((sample) => now - sample.at < WINDOW_MS);
      const share = size ? Math.min(1, count / size) : 1;
      find("meter").value = Math.round(share * 1000);
      find("percent").textContent = `${Math.floor(share * 100)}\u00a0%`;
      find("bytes").textContent = `${bytes(count)} of ${bytes(size)}`;
      const speed = bytesPerSecond(now);
      if (speed > 0) find("rate").textContent = `${bytes(Math.round(speed))}/s, ${wait((size - count) / speed)} left`;
    },
    waiting(seconds, error) {
      find("retry").hidden = seconds === 0;
      if (seconds === 0) return;
      samples = [];
      find("rate").textContent = "";
      find("retry-sentence").textContent = `${error.sentence} What arrived is kept. Trying again in ${seconds} s.`;
    },
    checking() {
      title.textContent = "Checking the recording";
      find("meter").removeAttribute("value"); // how long it takes is not known
      find("percent").textContent = "Uploaded";
      find("bytes").textContent = bytes(size);
      find("rate").textContent = "";
      find("cancel").hidden = true;
    },
    onCancel(action) {
      find("cancel").addEventListener("click", action);
    },
    onRetry(action) {
      find("retry-now").addEventListener("click", action);
    },
  };
  return progress;
}
