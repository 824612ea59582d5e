/* A job on its way: asks how far it is, shows what it writes, and reloads the page when it has ended. */
import { api } from "../shared/api.js";
import { percent } from "../shared/format.js";
import { poll } from "../shared/polling.js";
import { say } from "../shared/text.js";

const job = document.getElementById("job");
const find = (name) => document.querySelector(`[data-job-${name}]`);

function show(state) {
  const queued = state.status === "queued";
  find("title").textContent = queued ? "Waiting for a worker" : "At work";
  find("chip").textContent = queued ? "Queued" : "Running";
  find("chip").className = `chip chip-${state.status}`;
  find("meter").value = Math.round(state.progress * 100);
  find("percent").textContent = queued ? "" : percent(state.progress);
  find("stage").textContent = state.stage;
  find("offline").hidden = true;
  showLog(state.log);
}

function showLog(text) {
  const log = find("log");
  if (!text || log.textContent === text) return;
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 8;
  log.textContent = text;
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

poll({
  ask: () => api("GET", job.dataset.url),
  take(state) {
    const isActive = ["queued", "running"].includes(state.status);
    if (isActive) show(state);
    else location.reload();
    return isActive;
  },
  onProblem(problem) {
    const sentence = problem.isPassing
      ? "The server does not answer just now. The job goes on; this page asks again by itself."
      : problem.message;
    say(find("offline"), sentence);
  },
});
