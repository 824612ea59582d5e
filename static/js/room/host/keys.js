/* The room's keys. They never fire while somebody types, holds a modifier, or answers a dialog. */

const ACTIONS = { q: "question", n: "note" };
const TYPING = new Set(["INPUT", "TEXTAREA", "SELECT"]);

/**
 * What a key press asks for: "question", "note", or "" when it is not meant for the page.
 * @param {any} event a KeyboardEvent, or as much of one as is read here
 * @param {boolean} isDialogOpen
 */
export function actionOf({ key, ctrlKey, metaKey, altKey, repeat, target }, isDialogOpen) {
  if (ctrlKey || metaKey || altKey || repeat || isDialogOpen) return "";
  const isChoice = target?.tagName === "INPUT" && ["checkbox", "radio"].includes(target.type);
  if (target && ((TYPING.has(target.tagName) && !isChoice) || target.isContentEditable)) return "";
  return ACTIONS[key.toLowerCase()] || "";
}

/** `actions`: functions by the names above. */
export function bindKeys(actions) {
  document.addEventListener("keydown", (event) => {
    const action = actions[actionOf(event, Boolean(document.querySelector("dialog[open]")))];
    if (!action) return;
    event.preventDefault(); // or the letter lands in the field that the action focuses
    action();
  });
}
