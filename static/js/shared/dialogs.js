/* Confirmation dialogs: native <dialog>, so that focus and Escape are the browser's. */

/**
 * Opens `dialog` and runs `action` when confirmed; the dialog stays open and says why when the action fails.
 * @param {HTMLDialogElement} dialog
 * @param {() => Promise<void>} action the message of what it rejects with is shown
 */
export function confirmWith(dialog, action) {
  const error = dialog.querySelector("[data-dialog-error]");
  const confirm = dialog.querySelector("[data-dialog-confirm]");
  error.hidden = true;
  confirm.disabled = false;
  confirm.onclick = async () => {
    confirm.disabled = true;
    try {
      await action();
      dialog.close();
    } catch (problem) {
      error.textContent = problem.message;
      error.hidden = false;
    } finally {
      confirm.disabled = false;
    }
  };
  dialog.showModal();
}

for (const button of document.querySelectorAll("[data-dialog-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}
