/* What stands above and in place of the pictures during the call. */

/** The two indicators: {recording: {state, words}, analysis: {state, words}}; state is "on", "paused" or "off". */
export function indicators({ agreements, isPaused, recording, analysis, connection }) {
  const spoken = {
    starting: ["paused", "Analysis is starting"],
    on: ["on", "Analysis on"],
    paused: ["paused", "Analysis paused"],
    off: ["off", "Analysis off"],
    overloaded: ["paused", "Analysis paused: the server is busy"],
    interrupted: ["paused", "Analysis interrupted"],
  };
  function recordingNow() {
    if (!agreements.recording) return ["off", "Not recorded"];
    if (isPaused) return ["paused", "Recording paused"];
    return recording.recording ? ["on", "Recording"] : ["paused", "Recording is not running"];
  }
  function analysisNow() {
    if (!agreements.analysis) return ["off", "Not analysed"];
    if (isPaused) return spoken.paused;
    return connection.state === "open" ? spoken[analysis.state] : spoken.interrupted;
  }
  const [recordingState, recordingWords] = recordingNow();
  const [analysisState, analysisWords] = analysisNow();
  return {
    recording: { state: recordingState, words: recordingWords },
    analysis: { state: analysisState, words: analysisWords },
  };
}

/** What stands in place of the other side's picture; empty while it is shown. `call` is the peer's state. */
export function remoteWords({ name, call, isHere }) {
  if (call === "connected") return "";
  if (call === "failed") {
    const trouble = `No direct connection to the network of ${name} was possible so far.`;
    return `${trouble} The page keeps trying; another network, such as mobile data, may help.`;
  }
  if (call === "interrupted") return `The call with ${name} is interrupted. It comes back by itself.`;
  if (isHere) return `Calling ${name} …`;
  return `${name} is not in the room just now. Please stay; the call goes on when they are back.`;
}

/** How many people watch; empty for none. */
export function watcherWords(count, organization) {
  if (!count) return "";
  if (count === 1) return `1 person of ${organization} watches and listens`;
  return `${count} people of ${organization} watch and listen`;
}
