/* The candidate's invitation in sentences. */
import { moment } from "../../shared/format.js";

/**
 * What to say of an invitation that was just made.
 * @param {{expires_at: string, mailed: boolean}} invitation
 */
export function issuedSentence({ expires_at: expiresAt, mailed }) {
  const sent = mailed
    ? "The link was sent to the candidate by e-mail."
    : "The e-mail could not be sent: copy the link and send it to the candidate yourself.";
  return `${sent} Valid until ${moment(expiresAt)}.`;
}

/**
 * What to say of an invitation that was made earlier, if any.
 * @param {{stands: boolean, expires_at: string, first_used_at: string | null} | null} invitation
 */
export function standingSentence(invitation) {
  if (!invitation?.stands) return "There is no valid link. Create one and send it to the candidate.";
  const { first_used_at: usedAt, expires_at: expiresAt } = invitation;
  const used = usedAt ? `Opened by the candidate on ${moment(usedAt)}.` : "Not opened yet.";
  return `The link is valid until ${moment(expiresAt)}. ${used}`;
}
