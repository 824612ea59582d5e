/* The room of host and observers: one socket, and the parts of the page that follow it. */
import { api } from "../../shared/api.js";
import { confirmWith } from "../../shared/dialogs.js";
import { stopwatch } from "../../shared/format.js";
import { announce, write } from "../../shared/text.js";
import { LIMITS } from "../protocol.js";
import { RoomSocket } from "../socket.js";
import { createCall } from "./call.js";
import { createDevice } from "./device.js";
import { afterwardsSentence, agreementsSentence } from "./agreements.js";
import { bindKeys } from "./keys.js";
import { createLobby } from "./lobby.js";
import { createNotes } from "./notes.js";
import { createOutcome } from "./outcome.js";
import { alertWith, config, isHost } from "./page.js";
import { createQuestions } from "./questions.js";
import { createReadings } from "./readings.js";

const CHIPS = {
  waiting: "Waiting",
  live: "Live",
  ended: "Ended",
  stored: "Ended",
  unrecorded: "Not recorded",
  failed: "Not stored",
};
const BEFORE_THE_CALL = {
  check: "is checking camera and microphone",
  calibration: "is calibrating the gaze",
  waiting: "is on the way into the call",
};
const RUNNING = new Set(["waiting", "live"]);
const CLOCK_MS = 500;

const page = document.getElementById("room");
const chip = document.getElementById("room-chip");
const clockLine = document.getElementById("room-clock");
const name = config.candidate_name;

const socket = new RoomSocket({ url: config.socket_url, refusal });
const call = createCall({ socket });
const readings = createReadings({ clock: socket.clock, limits: LIMITS });
const questions = createQuestions();
const notes = createNotes();
const outcome = createOutcome();
const device = createDevice();
const lobby = createLobby({ onRoom: (room) => setStatus(room.status) });

let status = "";
/** @type {number | null} */
let startedMs = null; // second 0 of the recording, on the server's clock
/** @type {any} the candidate as the server tells it; null until it does */
let candidate = null;
/** @type {boolean | null} */
let isHere = null; // whether the candidate is connected; null until the first welcome
let wasHere = false;

/** Why a handshake was refused: the room's REST address says. */
async function refusal() {
  try {
    const room = await api("GET", config.api.room);
    setStatus(room.status);
    return RUNNING.has(room.status) ? "" : "The interview has ended.";
  } catch (problem) {
    return problem.isPassing ? "" : problem.message;
  }
}

function setStatus(changed) {
  if (changed === status) return;
  const before = status;
  status = changed;
  page.dataset.status = status;
  chip.textContent = CHIPS[status];
  chip.className = `chip chip-room-${status}`;
  const isLive = status === "live";
  const isOver = !RUNNING.has(status);
  const endButton = document.getElementById("end-interview");
  if (endButton) endButton.hidden = !isLive;
  call.setLive(isLive);
  readings.run(isLive);
  questions.setStatus(status);
  if (isOver) {
    call.end();
    clockLine.hidden = true;
    outcome.show();
  }
  if (before && isLive) announce("The interview has started.");
  if (before && isOver) announce("The interview has ended. The recording is being stored.");
  call.setWords(stageWords());
}

function awayWords() {
  const away = `${name} is not connected. They can come back with the same link.`;
  if (!candidate?.agreements.recording) return away;
  return `${away} While their page is open it goes on recording, and sends that later.`;
}

function stageWords() {
  if (!isHere) return status === "live" && wasHere ? awayWords() : `${name} is not here yet.`;
  if (status !== "live") {
    const isReady = ["waiting", "call"].includes(candidate?.stage);
    return isReady ? `${name} is ready and waits to be let in.` : `${name} is in the room and not ready yet.`;
  }
  if (BEFORE_THE_CALL[candidate?.stage]) return `${name} ${BEFORE_THE_CALL[candidate.stage]}.`;
  if (candidate?.media?.camera === false) return `${name} has switched the camera off.`;
  return `Connecting to ${name}…`;
}

function setPresence(presence) {
  const now = Boolean(presence.candidate);
  if (isHere !== null && now !== isHere) announce(now ? `${name} is in the room.` : `${name} is no longer connected.`);
  isHere = now;
  wasHere ||= now;
  call.setPresence(presence);
  lobby.setCandidate(isHere, candidate);
  page.dataset.candidate = isHere ? "here" : "away";
  call.setWords(stageWords());
}

function setRoom(room) {
  startedMs = room.recording_started_ms;
  readings.setBlind(room.blind);
  setStatus(room.status);
}

function setCandidate(changed) {
  const answer = changed && agreementsSentence(changed.agreements);
  if (candidate && answer && answer !== agreementsSentence(candidate.agreements)) announce(answer);
  candidate = changed;
  lobby.setCandidate(Boolean(isHere), candidate);
  if (candidate) readings.setCalibration(candidate.calibration);
  call.setStage(candidate?.stage);
  call.setMedia(candidate?.media || null);
  call.setWords(stageWords());
}

function tickClock() {
  const declined = candidate?.agreements.recording === false;
  const isShown = status === "live" && (declined || startedMs !== null);
  clockLine.hidden = !isShown;
  if (!isShown) return;
  const recordingWords = candidate?.media?.recording === false ? "Recording paused" : "Recording";
  write(clockLine.querySelector("[data-words]"), declined ? "Not recorded" : recordingWords);
  clockLine.querySelector("[data-clock]").hidden = declined;
  if (declined) return;
  const seconds = (socket.clock.now() - Number(startedMs)) / 1000;
  clockLine.querySelector("[data-clock]").textContent = stopwatch(seconds);
}

socket
  .on("welcome", ({ state }) => {
    alertWith("");
    setCandidate(state.candidate);
    setRoom(state.room);
    setPresence(state.presence);
    readings.setAnalysis(null); // the candidate's connection sends it, and the metrics
    questions.load();
    notes.load();
    device.load();
  })
  .on("state", ({ state, sentence }) => {
    page.dataset.socket = state;
    if (state === "waiting") alertWith(sentence);
    if (state === "closed" && RUNNING.has(status || config.status)) alertWith(sentence, "error");
  })
  .on("room", ({ room }) => setRoom(room))
  .on("presence", ({ presence }) => setPresence(presence))
  .on("candidate", ({ candidate: changed }) => setCandidate(changed))
  .on("analysis", ({ analysis }) => readings.setAnalysis(analysis))
  .on("reading", (reading) => readings.take(reading))
  .on("metrics", ({ metrics }) => readings.setMetrics(metrics))
  .on("changed", ({ what }) => ({ notes, invitation: device })[what]?.load() ?? questions.load())
  .on("error", ({ sentence }) => alertWith(sentence))
  .on("ended", () => setStatus("ended"));

bindKeys({ question: () => questions.askNext(), note: () => notes.begin() });
document.getElementById("end-interview")?.addEventListener("click", () => {
  const dialog = document.getElementById("end-dialog");
  write(dialog.querySelector("[data-afterwards]"), afterwardsSentence(candidate?.agreements || {}));
  confirmWith(dialog, async () => {
    const room = await api("POST", config.api.end);
    setStatus(room.status);
  });
});

setInterval(tickClock, CLOCK_MS);
readings.setBlind(config.blind);
setStatus(config.status);
questions.load();
notes.load();
if (RUNNING.has(config.status)) {
  socket.open();
  if (isHost) call.prepare();
}
