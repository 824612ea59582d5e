/* The interview page. The server writes it whole; here it learns to play, draw, mark and follow a run. */
import { api } from "../shared/api.js";
import { confirmWith } from "../shared/dialogs.js";
import { bindPatternSwitch } from "../shared/pattern_switch.js";
import { announce } from "../shared/text.js";
import { createAnswers } from "./answers.js";
import { openAskedNumber } from "./asked_number.js";
import { bindBaseline } from "./baseline.js";
import { createEvidence } from "./evidence.js";
import { writeMetrics } from "./findings.js";
import { showGapLegend } from "./gap_legend.js";
import { bindKeys, neighbour, nextRate } from "./keys.js";
import { showCorrections } from "./lanes/corrections.js";
import { createMarks } from "./lanes/marks.js";
import { createLanes } from "./lanes/view.js";
import { bindPeople } from "./people.js";
import { createNotes } from "./notes/pane.js";
import { createPies } from "./pies.js";
import { createPlayback } from "./playback.js";
import { createPlayer } from "./player.js";
import { createQuestions } from "./questions.js";
import { createRobustness } from "./robustness.js";
import { followRun } from "./run.js";
import { createStretch } from "./stretch.js";
import { createTabs } from "./tabs.js";
import { createTranscript } from "./transcript/pane.js";
import { createWalk } from "./walk.js";
import { bindWhy } from "./why.js";

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
/** @type {ReturnType<typeof createLanes> | null} */
let lanes = null;
/** @type {ReturnType<typeof createEvidence> | null} */
let evidence = null;
/** @type {ReturnType<typeof createStretch> | null} */
let looped = null;
/** @type {(kind: string, step: number) => void} */
let goTo = () => {};
let showNotes = () => {};
/** @type {any[]} */
let noteMarks = [];
/** @type {ReturnType<typeof createAnswers> | null} */
let answers = null;
let closeWhy = () => {};
let stopFollowing = () => {};
let stopMeasuring = () => {};
let stopWalking = () => {};
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
  stopMeasuring();
  stopWalking();
  transcript?.stop();
  player.forgetListeners();
  mount();
  if (sentence) announce(sentence);
}

function bindPatterns(drawers) {
  const button = document.querySelector("[data-patterns]");
  bindPatternSwitch(button, (on) => {
    button.textContent = on ? "Patterns off" : "Patterns";
    for (const drawer of drawers) drawer?.setPatterns(on);
  });
}

function mountReport() {
  const stretch = createStretch({ player, onChange: (span) => lanes?.showStretch(span) });
  const list = createEvidence({ stretch, initial: page.metrics });
  evidence = list;
  const tabs = createTabs({ onShow: (name) => name === "evidence" && list.open() });
  lanes = createLanes({ page, player, onSelect: stretch.loop });
  for (const { gaps } of page.modalities) for (const { reason } of gaps) showGapLegend(reason);
  const walk = createWalk({ player, stretch, url: page.urls.stretches });
  stopWalking = walk.stop;
  answers = createAnswers(page.urls.answers);
  closeWhy = bindWhy({ url: page.urls.explanations, walk });
  const pies = createPies(page.modalities, (modality, row) =>
    walk.label(`${modality.key}/${row.label}`, `${modality.name}: ${row.name}`),
  );
  for (const link of document.querySelectorAll("[data-evidence-link]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      tabs.show("evidence");
      document.getElementById(`evidence-${link.dataset.evidenceLink}`).focus();
    });
  }
  bindPatterns([...pies, lanes]);
  bindBaseline({ onChange: refresh });
  stopMeasuring = createRobustness({ url: page.urls.robustness, onChange: refresh });
  looped = stretch;
  goTo = (kind, step) => {
    const { spans } = list;
    const questionsS = questions ? questions.seconds : page.questions.map(({ at_s: atS }) => atS);
    const seconds = {
      evidence: spans.map(([startS]) => startS),
      question: questionsS,
      note: noteMarks.map(({ at_s: atS }) => atS),
    }[kind];
    const toS = neighbour(seconds, player.time, step);
    if (toS === null) return announce(step > 0 ? `No ${kind} after this.` : `No ${kind} before this.`);
    if (kind !== "evidence") return player.seek(toS);
    list.mark(toS);
    stretch.play(toS, spans.find(([startS]) => startS === toS)?.[1] ?? toS);
  };
  if (page.can_edit) mountEditing();
  else marksOf("marks", "Q", "question").draw(page.questions);
  showCorrections({ lanes, player, stretch, corrections: page.corrections });
  const marks = marksOf("note-marks-lane", "N", "note");
  showNotes = () => {
    document.querySelector('[data-lane="notes"]').hidden = !noteMarks.length;
    marks.draw(noteMarks);
  };
}

const marksOf = (id, letter, kind) => createMarks({ root: document.getElementById(id), lanes, player, letter, kind });

function mountEditing() {
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
      answers?.refresh();
      closeWhy(); // it explained the values before
      evidence?.set(metrics);
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
  questions = lanes = evidence = looped = null;
  mountRun();
  bindCopy();
  if (page.shown_run) mountReport();
  notes = createNotes({ player });
  transcript =
    page.transcript &&
    createTranscript({
      page,
      player,
      onMarked: (answer) => questions?.take(answer),
      onSentences: (sentences) => lanes?.setSentences(sentences),
      onNote: ({ id }) => notes?.open(id),
    });
  transcript?.setNotes(noteMarks);
  if (page.can_edit) bindPeople({ people: page.people, url: page.urls.runs, onStarted: started });
}

async function started() {
  history.replaceState(null, "", location.pathname);
  await refresh("The analysis was started.");
}

function bindActions() {
  const remove = document.querySelector("[data-delete-interview]");
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

function bindPlayer() {
  const rates = /** @type {HTMLSelectElement | null} */ (document.querySelector("[data-rate]"));
  const keys = /** @type {HTMLDialogElement} */ (document.getElementById("keys-dialog"));
  const setRate = (rate) => {
    player.rate = rate;
    if (rates) rates.value = String(rate);
  };
  if (rates) rates.onchange = () => setRate(Number(rates.value));
  const showKeys = () => keys.showModal();
  document.querySelector("[data-keys]")?.addEventListener("click", showKeys);
  bindKeys({
    player,
    frameS: 1 / (page.fps || 25),
    rate: { step: (step) => setRate(nextRate(player.rate, step)) },
    actions: {
      showKeys,
      markQuestion: () => questions?.mark(),
      writeNote: () => notes?.begin(),
      goTo: (kind, step) => goTo(kind, step),
      zoom: (factor) => lanes?.zoom(factor),
      pan: (step) => lanes?.pan(step),
      whole: () => lanes?.whole(),
      loop: () => looped?.toggle(),
      loopStart: () => looped?.setStart(),
      loopEnd: () => looped?.setEnd(),
    },
  });
}

bindPlayer();
document.addEventListener("notes", (event) => {
  const marks = /** @type {CustomEvent} */ (event).detail;
  noteMarks = marks.toSorted((one, other) => one.at_s - other.at_s);
  showNotes();
  transcript?.setNotes(noteMarks);
});
if (page.playback) createPlayback({ player, url: page.urls.playback, initial: page.playback });
bindActions();
mount();
openAskedNumber();
