/* Step 5: the interview. What is recorded and analysed stands above it all the time. */
import { confirmWith } from "../../shared/dialogs.js";
import { announce, say, write } from "../../shared/text.js";
import { createAgreementBoxes } from "./agreement_boxes.js";
import { indicators, remoteWords, watcherWords } from "./call_words.js";
import { createPickers } from "./pickers.js";
import { createPreview } from "./preview.js";

const TOGGLES = { microphone: "Microphone", camera: "Camera" };
const CHUNK_S = 3;

export function createCall({ room, section, go }) {
  const find = (name) => section.querySelector(`[data-${name}]`);
  const showPreview = createPreview(room, section);
  const showPickers = createPickers(room, section);
  const remote = find("remote");
  const name = room.config.interviewer_name;
  const takeBackDialog = /** @type {HTMLDialogElement} */ (document.getElementById("take-back-dialog"));
  const answersDialog = /** @type {HTMLDialogElement} */ (document.getElementById("answers-dialog"));
  const boxes = createAgreementBoxes({ room, form: answersDialog.querySelector("form") });
  let spoken = "";

  /** Announced once when it changes, not on every update. */
  function speak(sentence) {
    if (spoken && spoken !== sentence) announce(sentence);
    spoken = sentence;
  }

  function showIndicators() {
    const shown = indicators(room);
    for (const [what, { state, words }] of Object.entries(shown)) {
      const chip = find(`${what}-state`);
      chip.className = `state state-${what} is-${state}`;
      write(chip, words);
    }
    speak(`${shown.recording.words}. ${shown.analysis.words}.`);
    const { recording, analysis } = room.agreements;
    const pause = find("pause");
    pause.hidden = find("take-back").hidden = !(recording || analysis);
    const what = recording && analysis ? "both" : "the recording";
    pause.textContent = room.isPaused ? `Resume ${what}` : `Pause ${what}`;
  }

  function showRemote() {
    const peer = room.answerer.host;
    if (peer && remote.srcObject !== peer.remote) remote.srcObject = peer.remote;
    const words = remoteWords({ name, call: peer?.state, isHere: Boolean(room.presence.host) });
    say(find("remote-words"), words);
    remote.hidden = Boolean(words);
    if (!words && remote.paused) play();
    write(find("watchers"), watcherWords(room.presence.observers.length, room.config.organization));
  }

  function play() {
    remote.play().then(
      () => (find("sound").hidden = room.context?.state !== "suspended"),
      (error) => {
        if (error.name === "NotAllowedError") find("sound").hidden = false; // the browser wants a click first
      },
    );
  }

  function showProblems() {
    const { devices, recording } = room;
    const recordingProblem = room.agreements.recording && !room.isPaused ? recording.sentence : "";
    const held = room.isHeld ? room.statements.hold : "";
    const sentences = [devices.problems.camera, devices.problems.microphone, recordingProblem, held].filter(Boolean);
    const place = find("call-problem");
    if (place.textContent !== sentences.join("")) {
      place.replaceChildren(
        ...sentences.map((sentence) => Object.assign(document.createElement("p"), { textContent: sentence })),
      );
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
    const waiting =
      left > 1
        ? `${left * CHUNK_S} s of the recording are kept here and on their way`
        : "Everything recorded has been sent";
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
  find("take-back").addEventListener("click", () => {
    takeBackDialog.querySelector("[data-statement='kept']").textContent = room.statements.kept;
    say(takeBackDialog.querySelector("[data-statement='hold']"), room.statements.hold);
    confirmWith(takeBackDialog, () => {
      const { value } = takeBackDialog.querySelector("form").elements.recorded;
      return room.takeBack(value);
    });
  });
  find("change-answers").addEventListener("click", () => {
    const isRecorded = Boolean(room.agreements.recording); // what becomes of it is a question of its own
    boxes.fill();
    say(answersDialog.querySelector("[data-statement='hold']"), room.statements.hold);
    boxes.fixRecording(isRecorded);
    answersDialog.querySelector("[data-answers-recorded]").hidden = !isRecorded;
    confirmWith(answersDialog, () => room.answer(boxes.answers()));
  });
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
