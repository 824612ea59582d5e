/* Step 5: the interview. What is recorded and analysed stands above it all the time. */
import { confirmWith } from "../../report/dialogs.js";
import { createPickers } from "./pickers.js";
import { createPreview } from "./preview.js";

const TOGGLES = { microphone: "Microphone", camera: "Camera" };
const CHUNK_S = 3;

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
  const said = ([state, words]) => ({ state, words });
  return { recording: said(recordingNow()), analysis: said(analysisNow()) };
}

/** What stands in place of the other side's picture; empty while it is shown. */
export function remoteWords({ name, link, isHere }) {
  if (link === "connected") return "";
  if (link === "failed") {
    return `No direct connection to the network of ${name} was possible so far. The page keeps trying; another network, such as mobile data, may help.`;
  }
  if (link === "interrupted") return `The call with ${name} is interrupted. It comes back by itself.`;
  return isHere ? `Calling ${name} …` : `${name} is not in the room just now. Please stay; the call goes on when they are back.`;
}

export function createCall({ room, section, go, announce }) {
  const find = (name) => section.querySelector(`[data-${name}]`);
  const showPreview = createPreview(room, section);
  const showPickers = createPickers(room, section);
  const remote = find("remote");
  const name = room.config.interviewer_name;
  const said = {};

  /** Announced once when it changes, not on every update. */
  function say(key, sentence) {
    if (said[key] === sentence) return;
    const isFirst = !(key in said);
    said[key] = sentence;
    if (!isFirst && sentence) announce(sentence);
  }

  function showIndicators() {
    const shown = indicators(room);
    for (const [what, { state, words }] of Object.entries(shown)) {
      const chip = find(`${what}-state`);
      chip.className = `state state-${what} is-${state}`;
      if (chip.textContent !== words) chip.textContent = words;
    }
    say("indicators", `${shown.recording.words}. ${shown.analysis.words}.`);
    const { recording, analysis } = room.agreements;
    const pause = find("pause");
    pause.hidden = !(recording || analysis);
    const what = recording && analysis ? "both" : "the recording";
    pause.textContent = room.isPaused ? `Resume ${what}` : `Pause ${what}`;
  }

  function showRemote() {
    const link = room.links.host;
    if (link && remote.srcObject !== link.remote) remote.srcObject = link.remote;
    const words = remoteWords({ name, link: link?.state, isHere: Boolean(room.presence.host) });
    const place = find("remote-words");
    if (place.textContent !== words) place.textContent = words;
    place.hidden = !words;
    remote.hidden = Boolean(words);
    if (!words && remote.paused) play();
    const { length } = room.presence.observers;
    find("watchers").textContent = length ? `${length} ${length === 1 ? "person" : "people"} of ${room.config.organization} ${length === 1 ? "watches and listens" : "watch and listen"}` : "";
  }

  function play() {
    remote.play().then(() => (find("sound").hidden = room.context?.state !== "suspended"), (error) => {
      if (error.name === "NotAllowedError") find("sound").hidden = false; // the browser wants a click first
    });
  }

  function showProblems() {
    const { devices, recording } = room;
    const sentences = [devices.problems.camera, devices.problems.microphone, room.agreements.recording && !room.isPaused ? recording.sentence : ""].filter(Boolean);
    const place = find("call-problem");
    if (place.textContent !== sentences.join("")) {
      place.replaceChildren(...sentences.map((sentence) => Object.assign(document.createElement("p"), { textContent: sentence })));
    }
    place.hidden = sentences.length === 0;
  }

  function showControls() {
    for (const [kind, word] of Object.entries(TOGGLES)) {
      const button = section.querySelector(`[data-toggle="${kind}"]`);
      const on = room.devices.isOn[kind] && Boolean(room.devices.tracks[kind]);
      button.setAttribute("aria-pressed", String(on));
      button.textContent = room.devices.tracks[kind] ? `${word} ${on ? "on" : "off"}` : `No ${word.toLowerCase()}`;
      button.disabled = !room.devices.tracks[kind];
    }
    if (room.context?.state === "suspended") find("sound").hidden = false;
    const { left } = room.upload;
    const waiting = left > 1 ? `${left * CHUNK_S} s of the recording are kept here and on their way` : "Everything recorded has been sent";
    find("upload").textContent = room.agreements.recording ? waiting : "";
  }

  function update() {
    if (room.status === "waiting") return go("wait");
    showIndicators();
    showPreview();
    showPickers();
    showRemote();
    showProblems();
    showControls();
  }

  for (const kind of Object.keys(TOGGLES)) {
    section.querySelector(`[data-toggle="${kind}"]`).addEventListener("click", () => {
      room.setOn(kind, !room.devices.isOn[kind]);
    });
  }
  find("pause").addEventListener("click", () => room.pause(!room.isPaused));
  find("devices").addEventListener("click", () => document.getElementById("devices-dialog").showModal());
  find("sound").addEventListener("click", () => {
    room.context?.resume();
    play();
  });
  find("leave").addEventListener("click", () =>
    confirmWith(document.getElementById("leave-dialog"), async () => {
      await room.leave();
      go("after");
    }),
  );

  return { enter: update, update };
}
