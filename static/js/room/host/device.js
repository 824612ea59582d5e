/* Another device that the candidate opened the invitation on: the host lets it in, or sends it away. */
import { api } from "../../shared/api.js";
import { announce, say, write } from "../../shared/text.js";
import { config, isHost } from "./page.js";

/** Returns `load()`, which asks the server whether a device waits. */
export function createDevice() {
  const panel = document.getElementById("device");
  if (!isHost || !panel) return { load: async () => {} };
  const error = panel.querySelector("[data-device-error]");

  /** @param {{browser: string} | null | undefined} asking */
  function draw(asking) {
    if (asking && panel.hidden) announce(`${config.candidate_name} wants to come in on another device.`);
    panel.hidden = !asking;
    if (asking) write(panel.querySelector("[data-device-words]"), sentence(asking.browser));
  }

  function sentence(browser) {
    return (
      `The invitation was opened again: ${browser}. If ${config.candidate_name} has changed to it, let it in;` +
      " the device before is then out."
    );
  }

  async function load() {
    try {
      draw((await api("GET", config.api.room)).invitation?.asking);
    } catch (problem) {
      say(error, problem.message);
    }
  }

  /** @type {Record<string, "POST" | "DELETE">} */
  const answers = { admit: "POST", refuse: "DELETE" };
  for (const [hook, method] of Object.entries(answers)) {
    panel.querySelector(`[data-device-${hook}]`).addEventListener("click", async () => {
      say(error, "");
      try {
        await api(method, config.api.device);
        draw(null);
      } catch (problem) {
        say(error, problem.message);
      }
    });
  }
  return { load };
}
