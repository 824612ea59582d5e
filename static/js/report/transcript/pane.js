/* The transcript beside the player: how far it is, and what can be done with it once it is there. */
import { api } from "../../shared/api.js";
import { moment, percent } from "../../shared/format.js";
import { poll } from "../../shared/polling.js";
import { announce } from "../../shared/text.js";
import { removeCaptions, writeCaptions } from "./captions.js";
import { createCorrection } from "./correction.js";
import { createOffers } from "./offers.js";
import { createSearch } from "./search.js";
import { createSentences } from "./sentences.js";
import { asText } from "./text.js";

const ACTIVE = ["queued", "running"];
const COPIED_MS = 2000;
const NO_ANSWER = "The server does not answer just now. The transcript goes on; this page asks again by itself.";

/**
 * `page` is what the server told the page's scripts. `onMarked(answer)` gets the marks and metrics after questions that
 * were heard have been marked; the marks come back by `setMarks`. `onSentences(sentences)` hears what is shown,
 * `onNote(note)` which note is to be shown. Returns `{setMarks(questions), setNotes(notes), stop()}`.
 */
export function createTranscript({ page, player, onMarked, onSentences, onNote }) {
  const urls = page.urls.transcript;
  const root = document.getElementById("transcript");
  const state = document.getElementById("transcript-state");
  const body = document.getElementById("transcript-body");
  const loading = document.getElementById("transcript-loading");
  const problem = document.getElementById("transcript-problem");
  const find = (hook) => state.querySelector(`[data-${hook}]`);
  let sentences = [];
  /** @type {ReturnType<typeof poll> | null} */
  let polling = null;

  /* ---- what was said ---- */

  const withReadings = Boolean(page.shown_run);
  const list = createSentences({ player, tones: page.tones, withReadings, onAct: act, onNote });
  const search = createSearch({ sentences: list });
  const correction = createCorrection({ url: urls.state, onChange: corrected });
  const offers = page.can_edit
    ? createOffers({ url: urls.questions, player, marks: page.questions, onMarked, onOpen: list.setOffered })
    : null;

  function corrected(sentence, spoken) {
    sentences = sentences.map((other) => (other.id === sentence.id ? sentence : other));
    list.replace(sentence);
    onSentences(sentences);
    search.again();
    offers?.set(sentences);
    writeCaptions(urls.vtt, { isNew: true });
    announce(spoken);
  }

  async function act(what, sentence) {
    const row = list.rowOf(sentence.id);
    problem.hidden = true;
    if (what === "offer") {
      await offers?.accept([sentence.id]);
      row.element.querySelector("[data-go]").focus({ preventScroll: true });
    } else if (what === "correct") {
      list.leave();
      correction.open(row);
    } else {
      correction.takeBack(row).catch(refuse);
    }
  }

  function refuse(failure) {
    problem.textContent = failure.message;
    problem.hidden = false;
  }

  function write(transcript) {
    sentences = transcript.sentences;
    list.draw(sentences);
    onSentences(sentences);
    search.again();
    offers?.set(sentences);
    document.getElementById("transcript-empty").hidden = sentences.length > 0;
    writeCaptions(urls.vtt, { isNew: false });
  }

  /* ---- how far it is ---- */

  function show(transcript) {
    const { status } = transcript;
    const isActive = ACTIVE.includes(status);
    const isReady = status === "succeeded";
    const words = page.transcript_states[status === "none" && !transcript.can_start ? "impossible" : status];
    root.dataset.status = status;
    state.hidden = isReady;
    loading.hidden = true;
    body.hidden = !isReady;
    find("title").textContent = words.title;
    find("meter").hidden = find("line").hidden = !isActive;
    find("meter").value = Math.round(transcript.progress * 100);
    find("percent").textContent = status === "queued" ? "" : percent(transcript.progress);
    find("stage").textContent = transcript.stage;
    find("reason").textContent = transcript.reason || words.reason || "";
    find("reason").hidden = !find("reason").textContent;
    find("advice").textContent = words.advice;
    find("advice").hidden = !words.advice;
    find("problem").hidden = true;
    find("start").textContent = words.start || "Make the transcript";
    find("start").hidden = !transcript.can_start || isActive || isReady;
    find("cancel").hidden = !transcript.can_cancel;
    find("cancel").disabled = find("start").disabled = false;
    showModel(transcript);
    if (isReady) write(transcript);
    else removeCaptions();
  }

  function showModel({ model, finished_at: at }) {
    const line = document.getElementById("transcript-model");
    line.hidden = !model;
    if (!model) return;
    line.querySelector("[data-model-name]").textContent = model.name;
    line.querySelector("[data-model-version]").textContent = model.version;
    line.querySelector("[data-model-at]").textContent = at ? ` on ${moment(at)}` : "";
    line.querySelector("[data-model-hash]").textContent = model.sha256.slice(0, 12);
    line.querySelector("[data-model-hash]").title = model.sha256;
  }

  function say(sentence) {
    find("problem").textContent = sentence;
    find("problem").hidden = false;
  }

  function follow() {
    polling?.stop();
    polling = poll({
      ask: () => api("GET", urls.state),
      take(transcript) {
        const isActive = ACTIVE.includes(transcript.status);
        show(transcript);
        const isReady = transcript.status === "succeeded";
        const { title } = page.transcript_states[transcript.status];
        if (!isActive) announce(isReady ? "The transcript is ready." : title);
        return isActive;
      },
      onProblem: (failure) => say(failure.isPassing ? NO_ANSWER : failure.message),
    });
  }

  /** Asks for a change, shows what then is so, and follows it while it is under way. */
  async function change(button, request, spoken) {
    button.disabled = true;
    find("problem").hidden = true;
    try {
      const transcript = await request();
      show(transcript);
      announce(spoken);
      if (button.hidden) find("title").focus();
      if (ACTIVE.includes(transcript.status)) follow();
      else polling?.stop();
    } catch (failure) {
      say(failure.message);
    } finally {
      button.disabled = false;
    }
  }

  const start = () => api("POST", urls.state);
  const cancel = () => api("POST", urls.cancel);
  find("start").onclick = () => change(find("start"), start, "The transcript was started.");
  find("cancel").onclick = () => change(find("cancel"), cancel, "The transcript is being cancelled.");

  /* ---- the language, copying, confidence ---- */

  const language = document.getElementById("spoken-language");
  const languageProblem = document.getElementById("spoken-language-problem");
  let spokenLanguage = language.value;
  language.disabled = false;
  language.onchange = async () => {
    languageProblem.hidden = true;
    try {
      await api("PATCH", page.urls.interview, { spoken_language: language.value });
      spokenLanguage = language.value;
      announce("The spoken language is stored.");
      const transcript = await api("GET", urls.state);
      if (transcript.status !== "succeeded" || root.dataset.status !== "succeeded") show(transcript);
    } catch (failure) {
      language.value = spokenLanguage;
      languageProblem.textContent = failure.message;
      languageProblem.hidden = false;
    }
  };

  const copy = document.getElementById("transcript-copy");
  copy.onclick = async () => {
    problem.hidden = true;
    try {
      await navigator.clipboard.writeText(asText(sentences));
      copy.textContent = "Copied";
      announce("The transcript was copied.");
      setTimeout(() => (copy.textContent = "Copy"), COPIED_MS);
    } catch {
      refuse({ message: "This browser does not let the page copy. Download the text instead." });
    }
  };

  const details = document.getElementById("transcript-details");
  details.onclick = () => {
    const isOn = root.classList.toggle("has-details");
    details.setAttribute("aria-pressed", String(isOn));
  };
  details.hidden = !page.shown_run;

  async function load() {
    try {
      show(await api("GET", urls.state));
    } catch (failure) {
      loading.textContent = failure.message;
    }
  }

  if (page.transcript.is_active) follow();
  else if (page.transcript.is_ready) load();
  else show(page.transcript);

  return {
    setMarks: (questions) => offers?.setMarks(questions),
    setNotes: list.setNotes,
    stop: () => polling?.stop(),
  };
}
