/* The reader's own view relative to a calm stretch: asked for in the address, and swapped in without a reload. */

/** @param {{onChange: (sentence: string) => Promise<void>}} options `onChange` shows what the server then writes */
export function bindBaseline({ onChange }) {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-baseline-form]"));
  if (!form) return;
  form.onsubmit = async (event) => {
    event.preventDefault();
    const fields = new FormData(form, /** @type {HTMLElement} */ (event.submitter));
    const filled = [...fields].map(([name, value]) => [name, String(value)]).filter(([, value]) => value);
    const asked = new URLSearchParams(filled);
    history.replaceState(null, "", `${location.pathname}?${asked}${location.hash}`);
    await onChange("");
    const panel = document.querySelector("[data-baseline]");
    panel.scrollIntoView({ block: "nearest" });
    panel.querySelector("summary").focus({ preventScroll: true });
  };
}
