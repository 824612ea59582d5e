/* Asking the API again and again how far something is: in every mode the same, and less often while nothing answers. */

const AT_MOST_MS = 15000;

/**
 * Asks until `take` has had enough.
 * @template Answer
 * @param {object} options
 * @param {() => Promise<Answer>} options.ask
 * @param {(answer: Answer) => boolean} options.take whether to go on
 * @param {(problem: import("./api.js").ApiError) => void} options.onProblem hears every failure: after one that may
 *   pass, asking goes on
 * @param {number} [options.everyMs] while everything answers
 * @returns {{now: () => void, stop: () => void}} ask at once, ask no more
 */
export function poll({ ask, take, onProblem, everyMs = 1000 }) {
  let delay = everyMs;
  let timer = 0;
  let stopped = false;
  let asking = false; // one question at a time, or each "ask now" would start a chain of its own

  async function next() {
    if (asking) return;
    asking = true;
    try {
      const answer = await ask();
      if (stopped) return;
      delay = everyMs;
      if (!take(answer)) return;
    } catch (problem) {
      if (stopped) return;
      onProblem(problem);
      if (!problem.isPassing) return;
      delay = Math.min(delay * 2, AT_MOST_MS);
    } finally {
      asking = false;
    }
    if (!stopped) timer = setTimeout(next, document.hidden ? AT_MOST_MS : delay);
  }

  function now() {
    if (document.hidden || stopped) return;
    clearTimeout(timer);
    next();
  }

  document.addEventListener("visibilitychange", now);
  addEventListener("online", now);
  next();
  return {
    now,
    stop() {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", now);
      removeEventListener("online", now);
    },
  };
}
