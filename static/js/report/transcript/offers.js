/* Questions that were heard and are not marked: offered one by one and all at once, never marked by themselves. */
import { api } from "../../shared/api.js";
import { clock } from "../../shared/format.js";
import { announce } from "../../shared/text.js";
import { offersWords } from "./text.js";

const NEAR_S = 2; // a mark this near is the question's own: QUESTION_NEAR_S of analysis/transcripts.py

/**
 * `url` is where offers are accepted; `onMarked(answer)` gets the marks and metrics that then stand, `onOpen(ids)` the
 * sentences that are offered now.
 */
export function createOffers({ url, player, marks, onMarked, onOpen }) {
  const line = document.getElementById("transcript-offers");
  const panel = document.getElementById("question-offers"); // in the tab of the questions
  const template = document.getElementById("offer-template")?.content.firstElementChild;
  let heard = [];
  let isBusy = false;

  const isMarked = ({ start_s: atS }) => marks.some((mark) => Math.abs(mark.at_s - atS) <= NEAR_S);

  function lineOf(offer) {
    const item = template.cloneNode(true);
    const go = item.querySelector("[data-go]");
    const mark = item.querySelector("[data-offer]");
    const at = clock(offer.start_s);
    go.textContent = at;
    go.setAttribute("aria-label", `Play from ${at}`);
    go.onclick = () => {
      player.seek(offer.start_s);
      player.play();
    };
    item.querySelector("[data-text]").textContent = offer.text;
    mark.setAttribute("aria-label", `Mark the question at ${at}`);
    mark.onclick = () => accept([offer.id]);
    return item;
  }

  function draw() {
    const offers = heard.filter((sentence) => !isMarked(sentence));
    const ids = offers.map(({ id }) => id);
    for (const place of [line, panel]) {
      place.hidden = offers.length === 0;
      place.querySelector("[data-offers-words]").textContent = offersWords(offers.length);
      const all = place.querySelector("[data-offers-all]");
      all.textContent = offers.length === 1 ? "Mark it" : `Mark all ${offers.length}`;
      all.onclick = () => accept(ids);
    }
    panel.querySelector("[data-offers-list]").replaceChildren(...offers.map(lineOf));
    onOpen(new Set(ids));
  }

  async function accept(sentences) {
    if (isBusy) return;
    isBusy = true;
    const problem = panel.querySelector("[data-offers-problem]");
    const focused = [...panel.querySelectorAll("[data-offer]")].indexOf(document.activeElement);
    problem.hidden = true;
    try {
      const answer = await api("POST", url, { sentences });
      onMarked(answer);
      announce(sentences.length === 1 ? "The question was marked." : `${sentences.length} questions were marked.`);
      const left = panel.querySelectorAll("[data-offer]");
      const next = left[Math.min(focused, left.length - 1)] || document.querySelector("#questions [data-go]");
      if (focused >= 0) next?.focus();
    } catch (failure) {
      problem.textContent = failure.message;
      problem.hidden = false;
      announce(failure.message);
    } finally {
      isBusy = false;
    }
  }

  return {
    accept,
    /** Which sentences there are; the questions among them are offered while no mark is near. */
    set(sentences) {
      heard = sentences.filter((sentence) => sentence.is_question);
      draw();
    },
    setMarks(changed) {
      marks = changed;
      draw();
    },
  };
}
