/* What the candidate's page knows, and who hears of it. */
import { NOBODY } from "../peers.js";
import { isRunning } from "./rules.js";
import { createTabState } from "./tab_state.js";

/**
 * The page's state. `on("change", handler)` after anything of it changed; further events: "hints", "gaze", "sent"
 * (frames), "ended" {sentence}, "stopped" {reason, sentence}.
 * @param {{room_id: string, status: string, [name: string]: any}} config what the server told the page
 */
export function createState(config) {
  const events = new EventTarget();
  const tab = createTabState(config.room_id);

  const state = {
    config,
    tab,
    status: config.status,
    endReason: "",
    step: "",
    /** @type {Record<string, string>} the words beside each box */
    statements: {},
    /** @type {Record<string, boolean | null>} the answer of each box, those of the parts of the analysis among them */
    details: {},
    /** @type {Record<"recording" | "analysis" | "transcript", boolean | null>} null: not answered */
    agreements: { recording: null, analysis: null, transcript: null },
    /** @type {{calibrated: boolean, error_degrees: number | null}} */
    calibration: { calibrated: false, error_degrees: null },
    presence: NOBODY,
    analysis: { state: "off", sentence: "", fps: 0, audio: false },
    connection: { state: "closed", sentence: "" },
    recording: { recording: false, sentence: "" },
    upload: { left: 0, complete: true, sentence: "" },
    isHeld: false, // a legal hold keeps what the candidate took back
    isRefused: false, // the server takes no more of the recording
    /** @type {AudioContext | null} */
    context: null,
    get isPaused() {
      return tab.values.paused;
    },
    get isRunning() {
      return isRunning(state.status);
    },
    /**
     * @param {string} type
     * @param {(detail: any) => void} handler
     */
    on(type, handler) {
      events.addEventListener(type, (event) => handler(/** @type {CustomEvent} */ (event).detail));
    },
    /**
     * @param {string} type
     * @param {any} [detail]
     */
    tell(type, detail) {
      events.dispatchEvent(new CustomEvent(type, { detail }));
    },
    /** Stores what is new, and tells it. */
    changed(fields = {}) {
      Object.assign(state, fields);
      state.tell("change");
    },
  };
  return state;
}
