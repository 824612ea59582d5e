/* How steady the numbers are: asks for the measurement, follows it, and cancels it. */
import { api } from "../shared/api.js";
import { percent } from "../shared/format.js";
import { poll } from "../shared/polling.js";
import { say } from "../shared/text.js";

const ACTIVE = ["queued", "running"];
const NO_ANSWER = "The server does not answer just now. Measuring goes on; this page asks again by itself.";
const ENDED = {
  succeeded: "The report was measured again.",
  failed: "Measuring again failed.",
  cancelled: "Measuring again was cancelled.",
};

/**
 * @param {object} options
 * @param {string} options.url
 * @param {(sentence: string) => void} options.onChange writes the panel anew
 * @returns {() => void} stops following
 */
export function createRobustness({ url, onChange }) {
  const panel = /** @type {HTMLElement} */ (document.getElementById("robustness"));
  const find = (name) => panel.querySelector(`[data-robustness-${name}]`);
  const start = find("start");
  const cancel = find("cancel");

  /** @param {HTMLButtonElement} button @param {() => Promise<unknown>} act */
  function bind(button, act) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await act();
      } catch (problem) {
        button.disabled = false;
        say(find("problem"), problem.message);
      }
    });
  }

  if (start) {
    bind(start, async () => {
      await api("POST", url);
      onChange("Measuring again was started.");
    });
  }
  if (!ACTIVE.includes(panel.dataset.robustness ?? "")) return () => {};

  const polling = poll({
    ask: () => api("GET", url),
    everyMs: 2000,
    take(state) {
      if (!ACTIVE.includes(state.status)) {
        onChange(ENDED[state.status]);
        return false;
      }
      find("meter").value = Math.round(state.progress * 100);
      find("percent").textContent = percent(state.progress);
      find("stage").textContent = state.stage || "Waiting for a worker";
      find("problem").hidden = true;
      return true;
    },
    onProblem: (problem) => say(find("problem"), problem.isPassing ? NO_ANSWER : problem.message),
  });
  bind(cancel, async () => {
    await api("POST", `${url}cancel/`);
    cancel.textContent = "Cancelling …";
    polling.now();
  });
  return polling.stop;
}
