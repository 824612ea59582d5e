/* A link that is shown once: copy it, and say whether that worked. */

/** Copies the field's text at a click of the button; selects it where the browser has no clipboard for this page. */
export function bindCopy(button, field, announce) {
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copied";
      announce("The link was copied.");
      setTimeout(() => (button.textContent = "Copy link"), 2000);
    } catch {
      announce("The link is selected. Copy it with the keyboard.");
    }
  });
}

/** When a link ends, in words of the reader's own calendar. */
export function until(isoTime) {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(new Date(isoTime));
}

/** What to say of an invitation that was just made. */
export function issuedSentence({ expires_at: expiresAt, mailed }) {
  const sent = mailed ? "The link was sent to the candidate by e-mail." : "The e-mail could not be sent: copy the link and send it to the candidate yourself.";
  return `${sent} Valid until ${until(expiresAt)}.`;
}
