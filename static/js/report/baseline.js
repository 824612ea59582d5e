/* The option to see the distributions relative to the person's own calm stretch: one request, then the page anew. */
import { api } from "../shared/api.js";
import { parseClock } from "../shared/format.js";

/** `url` is the run's baseline; `onChange(sentence)` swaps in what the server then writes. */
export function bindBaseline({ url, onChange }) {
  const panel = document.querySelector("[data-baseline]");
  const form = panel?.querySelector("[data-baseline-form]");
  if (!form) return;
  const error = panel.querySelector("#baseline-error");
  form.hidden = false;

  async function ask(method, body, spoken) {
    error.hidden = true;
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    try {
      await api(method, url, body);
      await onChange(spoken);
      document.querySelector("[data-baseline] summary").focus();
    } catch (problem) {
      refuse(problem.message);
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    }
  }

  function refuse(sentence) {
    error.textContent = sentence;
    error.hidden = false;
  }

  form.onsubmit = (event) => {
    event.preventDefault();
    const [from, to] = [form.elements.from, form.elements.to].map((field) => parseClock(field.value));
    if (from === null || to === null) return refuse("Enter two moments of the recording, such as 0:05 and 0:15.");
    return ask("PUT", { start_s: from, end_s: to }, "The distributions are shown relative to the marked stretch.");
  };
  const find = form.querySelector("[data-baseline-find]");
  const found = "The distributions are shown relative to a calm stretch that was found.";
  if (find) find.onclick = () => ask("PUT", {}, found);
  const off = form.querySelector("[data-baseline-off]");
  if (off) off.onclick = () => ask("DELETE", undefined, "The distributions are shown as they were read.");
}
