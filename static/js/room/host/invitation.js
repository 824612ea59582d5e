/* The candidate's invitation in sentences. */

/**
 * When a link ends, in words of the reader's own calendar.
 * @param {string} isoTime
 */
function until(isoTime) {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(new Date(isoTime));
}

/**
 * What to say of an invitation that was just made.
 * @param {{expires_at: string, mailed: boolean}} invitation
 */
export function issuedSentence({ expires_at: expiresAt, mailed }) {
  const sent = mailed
    ? "The link was sent to the candidate by e-mail."
    : "The e-mail could not be sent: copy the link and send it to the candidate yourself.";
  return `${sent} Valid until ${until(expiresAt)}.`;
}

/**
 * What to say of an invitation that was made earlier, if any.
 * @param {{stands: boolean, expires_at: string, first_used_at: string | null} | null} invitation
 */
export function standingSentence(invitation) {
  if (!invitation?.stands) return "There is no valid link. Create one and send it to the candidate.";
  const { first_used_at: usedAt, expires_at: expiresAt } = invitation;
  const used = usedAt ? `Opened by the candidate on ${until(usedAt)}.` : "Not opened yet.";
  return `The link is valid until ${until(expiresAt)}. ${used}`;
}

/**
 * What the candidate agreed to, in a sentence.
 * @param {{recording?: boolean | null, analysis?: boolean | null, transcript?: boolean | null}} agreements
 */
export function agreementsSentence({ recording, analysis, transcript }) {
  if (recording === null || recording === undefined) return "Has not answered about recording, analysis and transcript";
  if (!recording) return "Did not agree to recording: nothing will be stored";
  if (analysis && transcript) return "Agreed to recording, analysis and transcript";
  if (analysis) return "Agreed to recording and analysis, chose to take part without a transcript";
  if (transcript) return "Agreed to recording and transcript, chose to take part without analysis";
  return "Agreed to recording, chose to take part without analysis and without a transcript";
}
