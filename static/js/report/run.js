/* A run on its way: how far it is, and the button that cancels it. */
import { api } from "../shared/api.js";
import { percent, wait } from "../shared/format.js";
import { poll } from "../shared/polling.js";
import { say } from "../shared/text.js";

/** @returns {string} when a waiting run starts or a running one ends; "" while there is no estimate */
function timeLeft(run) {
  if (run.status === "queued") return run.starts_in_s === null ? "" : `starts in ${wait(run.starts_in_s)}`;
  return run.remaining_s === null ? "" : `${wait(run.remaining_s)} left`;
}

const NO_ANSWER = "The server does not answer just now. The analysis goes on; this page asks again by itself.";

/** Follows the run shown in `panel` until it ends, then calls `onEnd(status)`. Returns a function that stops it. */
export function followRun({ panel, urls, onEnd }) {
  const find = (name) => panel.querySelector(`[data-run-${name}]`);
  const cancel = find("cancel");

  function show(run) {
    const queued = run.status === "queued";
    for (const chip of document.querySelectorAll(`[data-chip-of="${run.id}"] .chip`)) {
      chip.className = `chip chip-${run.status}`;
      chip.textContent = queued ? "Queued" : "Analysing";
    }
    find("title").textContent = queued ? "Waiting for a worker" : "Analysing the recording";
    find("meter").value = Math.round(run.progress * 100);
    find("percent").textContent = queued ? "" : percent(run.progress);
    const ahead = run.queue_position > 1 ? `${run.queue_position - 1} before it in the queue` : "next in the queue";
    const again = run.attempts > 1 ? `, attempt ${run.attempts}` : "";
    find("stage").textContent = queued ? ahead : run.stage + again;
    find("remaining").textContent = timeLeft(run);
    find("offline").hidden = true;
  }

  const polling = poll({
    ask: () => api("GET", urls.run),
    take(run) {
      const isActive = ["queued", "running"].includes(run.status);
      if (isActive) show(run);
      else onEnd(run.status);
      return isActive;
    },
    onProblem: (problem) => say(find("offline"), problem.isPassing ? NO_ANSWER : problem.message),
  });

  cancel.hidden = false;
  cancel.addEventListener("click", async () => {
    cancel.disabled = true;
    try {
      await api("POST", urls.run_cancel);
      cancel.textContent = "Cancelling …";
      polling.now();
    } catch (problem) {
      cancel.disabled = false;
      say(find("offline"), problem.message);
    }
  });
  return polling.stop;
}
