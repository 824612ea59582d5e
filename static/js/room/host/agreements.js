/* What the candidate agreed to, in sentences. */

/** @typedef {{recording?: boolean | null, analysis?: boolean | null, transcript?: boolean | null}} Agreements */

/**
 * What the candidate agreed to.
 * @param {Agreements} agreements
 */
export function agreementsSentence({ recording, analysis, transcript }) {
  if (recording === null || recording === undefined) return "Has not answered about recording, analysis and transcript";
  if (!recording) return "Did not agree to recording: nothing will be stored";
  if (analysis && transcript) return "Agreed to recording, analysis and transcript";
  if (analysis) return "Agreed to recording and analysis, chose to take part without a transcript";
  if (transcript) return "Agreed to recording and transcript, chose to take part without analysis";
  return "Agreed to recording, chose to take part without analysis and without a transcript";
}

/**
 * What becomes of the interview once it has ended.
 * @param {Agreements} agreements
 */
export function afterwardsSentence({ recording, analysis, transcript }) {
  if (!recording) return "Nothing was recorded, so nothing is stored or analysed. Questions and notes are kept.";
  const stored = "What was recorded is stored";
  const read = transcript ? "analysed, with a transcript" : "analysed";
  if (analysis) return `${stored} and ${read}; the report opens in this interview.`;
  if (transcript) return `${stored} and its transcript made; both open in this interview. It is not analysed.`;
  return `${stored} and opens in this interview. It is not analysed.`;
}
