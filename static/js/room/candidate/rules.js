/* The rules of the candidate's page, as functions of what it knows: when it records, what it tells, where it begins. */

/** What a step is called in the protocol; steps that are not named need no connection. */
export const STAGES = { check: "check", calibrate: "calibration", wait: "waiting", call: "call" };

const RUNNING = ["waiting", "live"];

/**
 * Whether the interview is still to come or under way.
 * @param {string} status of the room
 */
export function isRunning(status) {
  return RUNNING.includes(status);
}

/**
 * Whether the recorder should run now.
 * @param {object} room
 * @param {{recording: boolean | null}} room.agreements
 * @param {boolean} room.isPaused
 * @param {boolean} room.isRefused
 * @param {string} room.step
 * @param {string} room.status
 */
export function isRecordingWanted({ agreements, isPaused, isRefused, step, status }) {
  return Boolean(agreements.recording) && !isPaused && !isRefused && step === "call" && status === "live";
}

/**
 * The step at which a page begins that was just loaded.
 * @param {{step: string, status: string, agreements: {recording: boolean | null}}} known `step` as the tab kept it
 */
export function firstStep({ step, status, agreements }) {
  if (!isRunning(status) || step === "after") return "after";
  if (agreements.recording === null) return "agree";
  if (step === "call") return status === "live" ? "call" : "wait";
  return step === "agree" || step in STAGES ? step : "check";
}
