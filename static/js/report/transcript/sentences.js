/* The list of sentences: a row each, the one that is spoken now marked and kept in view. */
import { clock, moment } from "../../shared/format.js";
import { indexAt, notesBySentence, readingWords, spoken } from "./text.js";

const FAR = 2; // heights of the list: further away it jumps instead of gliding

/**
 * `tones` maps a label to its colour; `withReadings`: an analysis stands beside the transcript.
 * `onAct(what, sentence)` hears "correct", "take-back" and "offer" of the buttons in the rows, `onNote(note)` that a
 * note beside a sentence is to be shown.
 */
export function createSentences({ player, tones, withReadings, onAct, onNote }) {
  const list = document.getElementById("sentences");
  const template = document.getElementById("sentence-template").content.firstElementChild;
  const back = document.getElementById("transcript-follow");
  const glides = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  let rows = [];
  let starts = [];
  let offered = new Set();
  let notes = [];
  /** @type {Map<string, any[]>} */
  let beside = new Map();
  let now = -1;
  let tabStop = 0;
  let isFollowing = true;

  function chip(what, reading) {
    const words = readingWords(what, reading);
    const element = document.createElement("span");
    element.className = "emotion";
    const swatch = document.createElement("span");
    swatch.className = `swatch tone-${reading ? tones[reading.label] || "neutral" : "unmeasured"}`;
    element.append(swatch, `${words.label} `);
    if (words.detail) {
      element.title = `${words.label}: ${words.detail}`;
      const detail = document.createElement("span");
      detail.className = "emotion-detail";
      detail.textContent = words.detail;
      element.append(detail);
    }
    return element;
  }

  function fill(row) {
    const { sentence, element } = row;
    const at = clock(sentence.start_s);
    const find = (hook) => element.querySelector(`[data-${hook}]`);
    element.classList.toggle("is-unreadable", !sentence.text);
    element.dataset.sentence = sentence.id;
    find("go").textContent = at;
    find("go").setAttribute("aria-label", `Play from ${at}`);
    row.text.textContent = spoken(sentence);
    const { correction } = sentence;
    find("corrected").hidden = !correction;
    if (correction) {
      const recognised = sentence.original ? `“${sentence.original}”` : "nothing readable";
      const by = `Corrected by ${correction.author}, ${moment(correction.at)}.`;
      find("corrected-words").textContent = `${by} Recognised: ${recognised}`;
    }
    find("correct").setAttribute("aria-label", `Correct the sentence at ${at}`);
    find("take-back").setAttribute("aria-label", `Undo correction at ${at}`);
    find("offer").setAttribute("aria-label", `Mark as question at ${at}`);
    find("offer").hidden = !offered.has(sentence.id);
    if (withReadings) find("read").replaceChildren(chip("voice", sentence.voice), chip("face", sentence.face));
  }

  function fillNotes({ sentence, element }) {
    const button = element.querySelector("[data-notes]");
    const found = beside.get(sentence.id) ?? [];
    const words = `${found.length} note${found.length === 1 ? "" : "s"}`;
    button.hidden = !found.length;
    button.textContent = words;
    button.title = found.map(({ author, text }) => `${author}: ${text}`).join("\n");
    const which = found.length > 1 ? "the first" : "it";
    button.setAttribute("aria-label", `${words} at ${clock(sentence.start_s)}. Show ${which}`);
  }

  function fillAllNotes() {
    beside = notesBySentence(rows.map(({ sentence }) => sentence), notes);
    rows.forEach(fillNotes);
  }

  function draw(sentences) {
    rows = sentences.map((sentence) => {
      const element = template.cloneNode(true);
      const row = { sentence, element, text: element.querySelector("[data-text]") };
      fill(row);
      return row;
    });
    starts = sentences.map(({ start_s: startS }) => startS);
    fillAllNotes();
    list.replaceChildren(...rows.map(({ element }) => element));
    now = -1;
    setTabStop(0);
    place(player.time);
  }

  /* One row at a time is a stop of the Tab key; arrow keys go from row to row. */
  function setTabStop(index) {
    const set = (row, tabIndex) => {
      for (const button of row?.element.querySelectorAll("button") || []) button.tabIndex = tabIndex;
    };
    set(rows[tabStop], -1);
    tabStop = Math.min(Math.max(0, index), rows.length - 1);
    set(rows[tabStop], 0);
  }

  function setFollowing(on) {
    isFollowing = on;
    back.hidden = on;
    if (on) bring(rows[now]);
  }

  /** Puts a row a third down the list; the page itself stays where it is. */
  function bring(row) {
    if (!row || !list.clientHeight) return;
    const top = () => row.element.offsetTop - list.clientHeight / 3;
    const isFar = Math.abs(top() - list.scrollTop) > FAR * list.clientHeight;
    list.scrollTo({ top: top(), behavior: glides && !isFar ? "smooth" : "instant" });
    // What had not been drawn before has its true height only now.
    if (isFar) requestAnimationFrame(() => list.scrollTo({ top: top(), behavior: "instant" }));
  }

  function place(timeS) {
    const index = indexAt(starts, timeS);
    if (index === now) return;
    rows[now]?.element.removeAttribute("aria-current");
    now = index;
    rows[now]?.element.setAttribute("aria-current", "true");
    if (isFollowing) bring(rows[now]);
    if (now >= 0 && !list.contains(document.activeElement)) setTabStop(now);
  }

  const rowOf = (node) => rows.find(({ element }) => element === node.closest(".sentence"));

  function play(row) {
    player.seek(row.sentence.start_s);
    player.play();
    setFollowing(true);
  }

  list.addEventListener("click", (event) => {
    const row = rowOf(event.target);
    if (!row || event.target.closest("form")) return;
    setTabStop(rows.indexOf(row));
    const button = event.target.closest("button");
    const act = ["correct", "take-back", "offer"].find((name) => button?.hasAttribute(`data-${name}`));
    if (act) return onAct(act, row.sentence);
    if (button?.hasAttribute("data-notes")) return onNote(beside.get(row.sentence.id)?.[0]);
    const selection = getSelection();
    const isSelecting = selection && !selection.isCollapsed && list.contains(selection.anchorNode);
    if (button || (event.target.closest(".sentence-text") && !isSelecting)) play(row);
  });
  list.addEventListener("focusin", (event) => {
    const row = rowOf(event.target);
    if (row) setTabStop(rows.indexOf(row));
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.closest("form")) return;
    event.preventDefault();
    leave();
    setTabStop(tabStop + step);
    rows[tabStop]?.element.querySelector("[data-go]").focus();
  });

  /* The reader scrolls: the list stays where they are. */
  function leave() {
    if (isFollowing && list.scrollHeight > list.clientHeight) setFollowing(false);
  }
  for (const event of ["wheel", "touchmove"]) list.addEventListener(event, leave, { passive: true });
  list.addEventListener("pointerdown", (event) => {
    if (event.target === list) leave(); // its scroll bar
  });
  back.addEventListener("click", () => {
    setFollowing(true);
    setTabStop(now);
    rows[tabStop]?.element.querySelector("[data-go]").focus({ preventScroll: true });
  });
  // A tab that was hidden has had no height to scroll in.
  new ResizeObserver(() => isFollowing && bring(rows[now])).observe(list);
  player.onTime(place);

  return {
    draw,
    leave,
    bring,
    get rows() {
      return rows;
    },
    /** The stored sentence after a change. */
    replace(sentence) {
      const row = rows.find((other) => other.sentence.id === sentence.id);
      row.sentence = sentence;
      fill(row);
      return row;
    },
    rowOf: (id) => rows.find((row) => row.sentence.id === id),
    /** Notes with a place on the recording, in order. */
    setNotes(changed) {
      notes = changed;
      fillAllNotes();
    },
    setOffered(ids) {
      const changed = rows.filter((row) => ids.has(row.sentence.id) !== offered.has(row.sentence.id));
      offered = ids;
      for (const { sentence, element } of changed) element.querySelector("[data-offer]").hidden = !ids.has(sentence.id);
    },
  };
}
