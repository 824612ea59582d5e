/* After the end: the recording is stored, the analysis runs, the report opens. */
import { api } from "../../shared/api.js";
import { percent } from "../../shared/format.js";
import { poll } from "../../shared/polling.js";
import { announce, say, write } from "../../shared/text.js";
import { config, isHost } from "./page.js";

const POLL_MS = 2_000;
const SOON_MS = 8_000; // an unbroken recording is stored by then
const WAITED_FOR = "The rest is still arriving from the candidate's browser, for up to three minutes.";
const NOTHING = "Nothing was recorded, so there is no report. Questions and notes are kept.";
const SETTLED = new Set(["succeeded", "failed", "cancelled"]);

/** Returns `{show()}`, which follows the room until its report is there; calling it again changes nothing. */
export function createOutcome() {
  const panel = document.getElementById("outcome");
  const find = (hook) => panel.querySelector(`[data-${hook}]`);
  let isShown = false;
  let shownMs = 0;
  /** @type {ReturnType<typeof poll> | null} */
  let polling = null;

  /** While parts are missing, nothing else is being done: what is waited for, and how long at most. */
  function storing() {
    const isSoon = performance.now() - shownMs < SOON_MS;
    return isSoon ? "Storing the recording…" : `Storing the recording… ${WAITED_FOR}`;
  }

  function step(key, state, sentence) {
    const line = panel.querySelector(`[data-step="${key}"]`);
    line.dataset.state = state;
    write(line.querySelector("[data-words]"), sentence);
  }

  function failed(sentence, canRetry) {
    find("failure").hidden = !sentence;
    find("failure").firstElementChild.textContent = sentence;
    if (isHost) find("store-again").hidden = !canRetry;
  }

  function drawRoom(room) {
    say(find("end-reason"), room.end_reason);
    failed(room.failure_reason, room.status === "failed");
    document.getElementById("outcome-steps").hidden = room.status === "unrecorded";
    if (room.status === "ended") step("store", "now", storing());
    else if (room.status === "failed") step("store", "failed", "The recording could not be stored");
    else if (room.status === "stored") step("store", "done", "The recording is stored");
    if (room.status === "unrecorded" || room.status === "failed") {
      find("report").textContent = "Open the interview";
      find("report").hidden = false;
    }
    if (room.status === "unrecorded") say(find("end-reason"), `${room.end_reason} ${NOTHING}`);
  }

  /** Follows the analysis; true when there is nothing more to wait for. */
  function drawRun(run) {
    if (!run) {
      step("analyse", "open", "Not analysed");
      find("report").textContent = "Open the interview";
      find("report").hidden = false;
      step("report", "open", "The recording can be played on the interview's page");
      return true;
    }
    find("report").hidden = false;
    if (!SETTLED.has(run.status)) {
      const isQueued = run.status === "queued";
      const sentence = isQueued ? "Analysing: waiting for a free worker" : `Analysing… ${percent(run.progress)}`;
      step("analyse", "now", sentence);
      find("report").textContent = "Watch the analysis";
      return false;
    }
    const isReady = run.status === "succeeded";
    if (isReady) step("analyse", "done", "Analysed");
    else step("analyse", "failed", "The analysis did not finish; the interview's page says why");
    if (isReady) step("report", "done", "The report is ready");
    find("report").textContent = isReady ? "Open the report" : "Open the interview";
    announce(isReady ? "The report is ready." : "The analysis did not finish.");
    find("report").focus();
    return true;
  }

  /** Shows how the room stands; true while there is more to wait for. */
  function take(room) {
    say(find("error"), "");
    drawRoom(room);
    if (room.status === "stored") return !drawRun(room.run);
    const isOver = room.status === "failed" || room.status === "unrecorded";
    if (isOver) announce(room.failure_reason || room.end_reason);
    return !isOver;
  }

  function follow() {
    polling?.stop();
    polling = poll({
      ask: () => api("GET", config.api.room),
      take,
      onProblem: (problem) => say(find("error"), problem.message),
      everyMs: POLL_MS,
    });
  }

  if (isHost) {
    find("store-again").addEventListener("click", async (event) => {
      event.target.disabled = true;
      try {
        await api("POST", config.api.store);
        follow();
      } catch (problem) {
        say(find("error"), problem.message);
      } finally {
        event.target.disabled = false;
      }
    });
  }

  return {
    show() {
      if (isShown) return;
      isShown = true;
      shownMs = performance.now();
      panel.hidden = false;
      follow();
    },
  };
}
