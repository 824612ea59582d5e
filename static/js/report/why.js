/* "Why this number": the formula of a metric with this recording's seconds, each of which leads there. */
import { api } from "../shared/api.js";
import { capitalised, say } from "../shared/text.js";
import { partQuery } from "./walk_words.js";

const OTHER_MARKS = "The value above belongs to question marks as they stood then, these seconds to those of today.";

/**
 * Opens below a metric's row, and closes with the same button. Returns a function that closes all. `within`, "from,to"
 * in seconds, is the part of the recording that the metrics are of.
 * @param {{url: string, walk: ReturnType<typeof import("./walk.js").createWalk>, within?: string}} options
 */
export function bindWhy({ url, walk, within = "" }) {
  const table = document.querySelector("#metrics tbody");
  const rowTemplate = /** @type {HTMLTemplateElement} */ (document.getElementById("why-template")).content;
  const termTemplate = /** @type {HTMLTemplateElement} */ (document.getElementById("why-term-template")).content;

  function lineOf(term, name) {
    const line = /** @type {HTMLElement} */ (termTemplate.firstElementChild?.cloneNode(true));
    const button = line.querySelector("button");
    button.textContent = term.name;
    button.disabled = !term.count;
    button.onclick = () => walk.open(`${name}: ${term.name}`, term);
    line.querySelector("[data-seconds]").textContent = `${term.seconds.toFixed(1)}\u00a0s`;
    return line;
  }

  function write(row, found, name) {
    const find = (hook) => /** @type {HTMLElement} */ (row.querySelector(`[data-${hook}]`));
    say(find("measures"), found.measures);
    say(find("formula"), found.formula && `${name} = ${found.formula}`);
    say(find("filled"), found.filled && `= ${found.filled}`);
    say(find("note"), found.is_current ? capitalised(found.reason) : OTHER_MARKS);
    find("terms").replaceChildren(...found.terms.map((term) => lineOf(term, name)));
  }

  async function toggle(button) {
    const line = button.closest("tr");
    const isOpen = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!isOpen));
    if (isOpen) return line.nextElementSibling.remove();
    const row = /** @type {HTMLElement} */ (rowTemplate.firstElementChild?.cloneNode(true));
    line.after(row);
    try {
      const name = line.querySelector(".metric-name").textContent;
      write(row, await api("GET", `${url}${button.dataset.why}/${partQuery(within)}`), name);
    } catch (error) {
      row.querySelector("[data-measures]").textContent = error.message;
    }
  }

  for (const button of table.querySelectorAll("[data-why]")) {
    button.setAttribute("aria-expanded", "false");
    button.onclick = () => toggle(button);
  }
  return () => {
    for (const button of table.querySelectorAll('[data-why][aria-expanded="true"]')) toggle(button);
  };
}
