/* Overview, Transcript, Questions, Evidence. Without this script they stand below one another. */

/**
 * `onShow(name)` is called before a panel is shown.
 * @param {{onShow: (name: string) => void}} options
 */
export function createTabs({ onShow }) {
  const list = document.getElementById("tabs");
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const panels = tabs.map((tab) => document.getElementById(tab.getAttribute("aria-controls")));
  list.parentElement.classList.add("has-tabs");
  panels.forEach((panel) => panel.setAttribute("role", "tabpanel"));

  function show(name) {
    const chosen = Math.max(0, panels.findIndex((panel) => panel.dataset.panel === name));
    onShow(panels[chosen].dataset.panel);
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === chosen));
      tab.tabIndex = index === chosen ? 0 : -1;
      panels[index].hidden = index !== chosen;
    });
    return tabs[chosen];
  }

  function choose(name) {
    history.replaceState(null, "", `#${name}`);
    return show(name);
  }

  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) choose(panels[tabs.indexOf(tab)].dataset.panel);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const from = tabs.indexOf(document.activeElement);
    let to = step === undefined ? -1 : (from + step + tabs.length) % tabs.length;
    if (event.key === "Home") to = 0;
    if (event.key === "End") to = tabs.length - 1;
    if (to < 0) return;
    event.preventDefault();
    choose(panels[to].dataset.panel).focus();
  });

  show(location.hash.slice(1).split("-")[0]);
  return { show: choose };
}
