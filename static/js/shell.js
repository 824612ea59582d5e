/* What every page has: the account menu closes on Escape and on a click elsewhere. */

for (const menu of document.querySelectorAll("details.menu, details.keys")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
