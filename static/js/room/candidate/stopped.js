/* Where this page may not go on: another tab took over, or the invitation no longer stands. */

const TITLES = {
  taken_over: "The interview goes on elsewhere",
  refused: "This page may not take part",
  not_allowed: "This page may not take part",
};

export function createStopped({ room, section }) {
  const find = (name) => section.querySelector(`[data-${name}]`);
  find("reload").addEventListener("click", () => location.reload());
  return {
    explain({ reason, sentence }) {
      find("stopped-title").textContent = TITLES[reason] || "This page has stopped";
      find("stopped-words").textContent = sentence;
      find("stopped-kept").hidden = !room.agreements.recording;
      find("reload").textContent = reason === "taken_over" ? "Use this page instead" : "Reload the page";
    },
  };
}
