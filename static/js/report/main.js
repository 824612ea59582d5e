/* The interview page. The server writes it whole; here it learns to play, draw, mark and follow a run. */
import { api } from "../shared/api.js";
import { confirmWith } from "../shared/dialogs.js";
import { bindPatternSwitch } from "../shared/pattern_switch.js";
import { announce } from "../shared/text.js";
import { bindBaseline } from "./baseline.js";
import { createBars, createPies } from "./charts.js";
import { bindEvidence, writeEvidence, writeMetrics } from "./findings.js";
import { GAP_TONES, withGaps } from "../shared/lane.js";
import { gapLegend, showGapLegend } from "./gap_legend.js";
import { createLanes } from "./lanes.js";
import { bindPeople } from "./people.js";
import { bindNoteKey, createNotes } from "./notes/pane.js";
import { createPlayback } from "./playback.js";
import { bindKeys, createPlayer } from "./player.js";
import { createQuestions } from "./questions.js";
import { followRun } from "./run.js";
import { createTabs } from "./tabs.js";
import { createTranscript } from "./transcript/pane.js";

const RUN_ENDED = {
  succeeded: "The report is ready.",
  failed: "The analysis failed.",
  cancelled: "The analysis was cancelled.",
};
let page = readPage();
/** @type {ReturnType<typeof createQuestions> | null} */
let questions = null;
/** @type {ReturnType<typeof createTranscript> | null} */
let transcript = null;
/** @type {ReturnType<typeof createNotes> | null} */
let notes = null;
let stopFollowing = () => {};
const player = createPlayer(page.duration_s);

function readPage() {
  return JSON.parse(document.getElementById("page-data").textContent);
}

function alertWith(sentence) {
  const notice = document.createElement("div");
  notice.className = "notice notice-error";
  notice.textContent = sentence;
  document.getElementById("page-alert").replaceChildren(notice);
}

/** What the server wrote since: swapped in place, the player and the scroll position stay. */
async function refresh(sentence) {
  try {
    const response = await fetch(location.pathname + location.search, { credentials: "same-origin" });
    if (!response.ok) throw new Error();
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const id of ["run-chip", "compare-slot", "lanes-slot", "findings"]) {
      document.getElementById(id)?.replaceWith(document.adoptNode(fresh.getElementById(id)));
    }
  } catch {
    location.reload();
    return;
  }
  page = readPage();
  stopFollowing();
  transcript?.stop();
  player.forgetListeners();
  mount();
  announce(sentence);
}

async function mountLanes() {
  const problem = document.getElementById("lanes-problem");
  try {
    const { modalities } = await api("GET", page.urls.timelines);
    const lanes = {};
    const shown = gapLegend();
    for (const modality of page.modalities) {
      const rows = modality.rows;
      const { intervals = [], gaps = [] } = modalities[modality.key] || {};
      lanes[modality.key] = {
        intervals: withGaps(intervals, gaps, new Set(shown.keys())),
        tones: new Map([...rows.map((row) => [row.label, row.tone]), ...GAP_TONES]),
        names: new Map(rows.map((row) => [row.label, row.name])),
        gapNames: shown,
      };
      for (const [, , reason] of gaps) showGapLegend(reason);
    }
    return createLanes({ player, lanes });
  } catch (error) {
    document.getElementById("lanes").hidden = true;
    problem.textContent = error.message;
    return null;
  }
}

function bindPatterns(drawers) {
  const button = document.querySelector("[data-patterns]");
  bindPatternSwitch(button, (on) => {
    button.textContent = on ? "Patterns off" : "Patterns";
    for (const drawer of drawers) drawer?.setPatterns(on);
  });
}

async function mountReport() {
  const tabs = createTabs();
  const pies = createPies(page.modalities);
  const bars = createBars(page.metrics);
  for (const link of document.querySelectorAll("[data-evidence-link]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      tabs.show("evidence");
      document.getElementById(`evidence-${link.dataset.evidenceLink}`).focus();
    });
  }
  const lanes = await mountLanes();
  bindPatterns([...pies, lanes]);
  bindEvidence(player, lanes);
  if (!page.can_edit) return;
  bindBaseline({ url: page.urls.baseline, onChange: refresh });
  const marks = createQuestions({
    url: page.urls.questions,
    player,
    lanes,
    initial: page.questions,
    onDraw: (drawn) => transcript?.setMarks(drawn),
    onMetrics(values) {
      const metrics = page.metrics.map((metric) => ({ ...metric, ...values[metric.key] }));
      page.metrics = metrics;
      writeMetrics(metrics);
      writeEvidence(metrics);
      bars.update(metrics);
    },
  });
  questions = marks;
  const button = document.querySelector("[data-mark-question]");
  button.hidden = false;
  button.onclick = marks.mark;
}

function mountRun() {
  const panel = document.querySelector("[data-run]");
  const again = document.querySelector("[data-analyse-again]");
  again.hidden = Boolean(page.run) && page.run.status !== "succeeded";
  if (!panel) return;
  if (["queued", "running"].includes(panel.dataset.status)) {
    stopFollowing = followRun({ panel, urls: page.urls, onEnd: (status) => refresh(RUN_ENDED[status]) });
    return;
  }
  const retry = panel.querySelector("[data-run-retry]");
  retry.hidden = false;
  retry.onclick = async () => {
    retry.disabled = true;
    try {
      await api("POST", page.urls.run_retry);
      await refresh("The analysis was started again.");
    } catch (problem) {
      retry.disabled = false;
      alertWith(problem.message);
    }
  };
}

function bindCopy() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.onclick = async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        announce("The hash was copied.");
        button.querySelector("code").textContent = "copied";
        setTimeout(() => (button.querySelector("code").textContent = button.dataset.copy.slice(0, 12)), 1500);
      } catch {
        button.querySelector("code").textContent = button.dataset.copy; // no clipboard here: show it whole
      }
    };
  }
}

function mount() {
  questions = null;
  transcript = page.transcript && createTranscript({ page, player, onMarked: (answer) => questions?.take(answer) });
  mountRun();
  bindCopy();
  notes = createNotes({ player });
  if (page.shown_run) mountReport();
  if (page.can_edit) bindPeople({ people: page.people, url: page.urls.runs, onStarted: started });
}

async function started() {
  history.replaceState(null, "", location.pathname);
  await refresh("The analysis was started.");
}

function bindActions() {
  const remove = document.querySelector("[data-delete-interview]");
  remove.hidden = false;
  remove.onclick = () =>
    confirmWith(document.getElementById("delete-dialog"), async () => {
      await api("DELETE", page.urls.interview);
      location.assign(page.urls.list);
    });
  document.querySelector("[data-analyse-again]").onclick = () =>
    confirmWith(document.getElementById("again-dialog"), async () => {
      await api("POST", page.urls.runs);
      await started();
    });
}

bindKeys(player, () => questions?.mark());
bindNoteKey(() => notes?.begin());
if (page.playback) createPlayback({ player, url: page.urls.playback, initial: page.playback });
bindActions();
mount();
