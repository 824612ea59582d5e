/* A job on its way: asks how far it is, shows what it writes, and reloads the page when it has ended. */
import { api } from "../api.js";
import { percent } from "../format.js";

const EVERY_MS = 1000;
const AT_MOST_MS = 15000;

const job = document.getElementById("job");
const find = (name) => document.querySelector(`[data-job-${name}]`);
let delay = EVERY_MS;

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

async function ask() {
  try {
    const state = await api("GET", job.dataset.url);
    delay = EVERY_MS;
    if (!["queued", "running"].includes(state.status)) return location.reload();
    show(state);
  } catch (problem) {
    find("offline").textContent = problem.isPassing
      ? "The server does not answer just now. The job goes on; this page asks again by itself."
      : problem.message;
    find("offline").hidden = false;
    if (!problem.isPassing) return;
    delay = Math.min(delay * 2, AT_MOST_MS);
  }
  setTimeout(ask, document.hidden ? AT_MOST_MS : delay);
}

ask();
