/* What every page has: menus close on Escape, when click or focus go elsewhere, and once something was chosen. */

for (const menu of document.querySelectorAll("details.menu")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
  });
  // Before what was chosen opens a dialog, which gives the focus back to where it was.
  menu.addEventListener("click", (event) => closeChosen(menu, event.target), { capture: true });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

/**
 * @param {HTMLDetailsElement} menu
 * @param {Element} target
 */
function closeChosen(menu, target) {
  if (!target.closest(".menu-panel a, .menu-panel button")) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}
