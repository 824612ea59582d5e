/* What a working connection carries, in words: a camera that is off is no picture. */

/**
 * The level and the sentence of a connection that works.
 * @param {{camera?: boolean, microphone?: boolean} | null} media null while the candidate's page has not said
 * @returns {[level: string, sentence: string]}
 */
export function connectedWords(media) {
  const isDark = media?.camera === false;
  const isMute = media?.microphone === false;
  if (isDark && isMute) return ["slow", "Connected; the candidate's camera and microphone are off"];
  if (isDark) return ["slow", "Sound connected; the candidate's camera is off"];
  if (isMute) return ["slow", "Picture connected; the candidate's microphone is off"];
  return ["good", "Picture and sound connected"];
}
