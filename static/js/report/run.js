/* A run on its way: asks the API how far it is, in every mode the same, and backs off while nothing answers. */
import { api } from "../api.js";
import { percent, wait } from "../format.js";

const EVERY_MS = 1000;
const AT_MOST_MS = 15000;

/** Follows the run shown in `panel` until it ends, then calls `onEnd(status)`. Returns a function that stops it. */
export function followRun({ panel, urls, onEnd }) {
  const find = (name) => panel.querySelector(`[data-run-${name}]`);
  const cancel = find("cancel");
  let delay = EVERY_MS;
  let timer = 0;
  let stopped = false;
  let asking = false; // one question at a time, or each "ask now" would start a chain of its own

  function show(run) {
    const queued = run.status === "queued";
    find("title").textContent = queued ? "Waiting for a worker" : "Analysing the recording";
    find("meter").value = Math.round(run.progress * 100);
    find("percent").textContent = queued ? "" : percent(run.progress);
    const ahead = run.queue_position > 1 ? `${run.queue_position - 1} before it in the queue` : "next in the queue";
    const again = run.attempts > 1 ? `, attempt ${run.attempts}` : "";
    find("stage").textContent = queued ? ahead : run.stage + again;
    find("remaining").textContent = !queued && run.remaining_s !== null ? `${wait(run.remaining_s)} left` : "";
    find("offline").hidden = true;
  }

  async function ask() {
    if (asking) return;
    asking = true;
    try {
      const run = await api("GET", urls.run);
      if (stopped) return;
      delay = EVERY_MS;
      if (!["queued", "running"].includes(run.status)) return onEnd(run.status);
      show(run);
    } catch (problem) {
      if (!problem.isPassing) {
        find("offline").textContent = problem.message;
        find("offline").hidden = false;
        return;
      }
      delay = Math.min(delay * 2, AT_MOST_MS);
      find("offline").textContent = "The server does not answer just now. The analysis goes on; this page asks again by itself.";
      find("offline").hidden = false;
    } finally {
      asking = false;
    }
    if (!stopped) timer = setTimeout(ask, document.hidden ? AT_MOST_MS : delay);
  }

  function askNow() {
    if (document.hidden || stopped) return;
    clearTimeout(timer);
    ask();
  }

  cancel.hidden = false;
  cancel.addEventListener("click", async () => {
    cancel.disabled = true;
    try {
      await api("POST", urls.run_cancel);
      cancel.textContent = "Cancelling …";
      askNow();
    } catch (problem) {
      cancel.disabled = false;
      find("offline").textContent = problem.message;
      find("offline").hidden = false;
    }
  });
  document.addEventListener("visibilitychange", askNow);
  addEventListener("online", askNow);
  ask();
  return () => {
    stopped = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", askNow);
    removeEventListener("online", askNow);
  };
}
