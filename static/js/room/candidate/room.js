/* The candidate's side of the room: devices, socket, analysis, recording and calls, wired together once. */
import { api } from "../../shared/api.js";
import { Devices } from "../media/devices.js";
import { FrameSender } from "../media/frames.js";
import { SoundSender, openContext } from "../media/sound.js";
import { RoomSocket } from "../socket.js";
import { createAnswerer } from "./answerer.js";
import { createRecording } from "./recording.js";
import { STAGES } from "./rules.js";
import { createState } from "./state.js";

const GONE = "This browser may no longer take part in this interview. Open the link from your invitation again.";

/** @typedef {ReturnType<typeof createRoom>} Room */

/**
 * Everything but the page: the state of `createState`, and what the page can do.
 * @param {Parameters<typeof createState>[0]} config
 */
export function createRoom(config) {
  const room = createState(config);
  const devices = new Devices({ onChange: deviceChanged });
  const socket = new RoomSocket({
    url: config.socket_url,
    hello: { tab: room.tab.values.tab },
    refusal,
  });
  const answerer = createAnswerer({ socket, iceServers: config.ice_servers, onChange: () => room.changed() });
  const frames = new FrameSender({ socket, onSent: (frame) => room.tell("sent", frame) });
  const sound = new SoundSender({ socket });
  const recording = createRecording({ room, devices, onChange: sendMedia });
  let heard; // the track that the sound for the analysis is taken from

  devices.isOn.camera = room.tab.values.camera;
  devices.isOn.microphone = room.tab.values.microphone;

  /* ---- what the server knows ---- */

  function learn({ status, agreements, calibration, end_reason: endReason, ...said }) {
    const { recording: record, analysis, transcript } = agreements;
    const each = (field) => Object.fromEntries(Object.entries(agreements).map(([box, shown]) => [box, shown[field]]));
    room.statements = { ...each("statement"), kept: said.kept_statement, hold: said.hold_statement };
    room.isHeld = said.is_held;
    room.details = each("given"); // with the parts of the analysis
    room.agreements = { recording: record.given, analysis: analysis.given, transcript: transcript.given };
    room.changed({ status, calibration, endReason });
  }

  async function refresh() {
    learn(await api("GET", config.api.room));
  }

  /** Why a handshake failed is hidden from pages; the REST address says it. */
  async function refusal() {
    try {
      await refresh();
    } catch (error) {
      return error.status === 404 ? GONE : "";
    }
    if (!room.isRunning) end(room.endReason);
    return "";
  }

  function sendStage() {
    if (STAGES[room.step]) socket.send("stage", { stage: STAGES[room.step] });
  }

  function sendMedia() {
    const { tracks, isOn } = devices;
    socket.send("media", {
      media: {
        camera: Boolean(tracks.camera) && isOn.camera,
        microphone: Boolean(tracks.microphone) && isOn.microphone,
        recording: recording.isRunning,
        analysis_paused: room.isPaused,
        visible: !document.hidden,
      },
    });
  }

  /* ---- devices ---- */

  function deviceChanged(kind) {
    const track = devices.tracks[kind];
    if (kind === "camera") frames.follow(devices.isOn.camera ? track : null);
    else followSound(track);
    answerer.setTrack(kind === "camera" ? "video" : "audio", track);
    recording.follow();
    sendMedia();
    room.changed();
  }

  function followSound(track) {
    if (heard === track) return;
    heard = track;
    if (track && !room.context) {
      room.context = openContext(track);
      room.context.onstatechange = () => room.changed();
    }
    sound.follow(room.context, track).catch((error) => console.warn("Sound for the analysis:", error));
  }

  /* ---- the end ---- */

  /** Camera, microphone, calls and recording stop; what was recorded goes on to the server. */
  function halt() {
    room.step = "";
    socket.close();
    answerer.setOpen(false);
    recording.apply();
    devices.close();
  }

  function end(sentence) {
    if (!room.isRunning && room.step === "") return; // told by message and by close code
    room.status = "ended";
    recording.serverIsBack(); // the news of the end came from it
    halt();
    room.tell("ended", { sentence });
  }

  function connectionChanged(connection) {
    room.changed({ connection });
    if (connection.state === "open") recording.serverIsBack();
    if (connection.state !== "closed" || connection.code === 1000) return;
    if (connection.reason === "ended") return end(connection.sentence);
    if (connection.reason === "taken_over") recording.stopWhenSent();
    halt();
    room.tell("stopped", connection);
  }

  socket
    .on("state", connectionChanged)
    .on("welcome", ({ ice_servers: servers, state: { room: stored, presence, analysis, agreements, calibration } }) => {
      answerer.setServers(servers);
      sendStage();
      sendMedia();
      answerer.welcome(presence);
      room.changed({ presence, analysis, agreements, calibration, status: stored.status });
      recording.apply();
    })
    .on("presence", ({ presence }) => {
      answerer.meet(presence);
      room.changed({ presence });
    })
    .on("signal", ({ from, data }) => answerer.receive(from, data))
    .on("room", ({ room: stored }) => {
      room.changed({ status: stored.status });
      recording.apply();
    })
    .on("analysis", ({ analysis }) => room.changed({ analysis }))
    .on("calibration", ({ calibration }) => room.changed({ calibration }))
    .on("hints", (hints) => room.tell("hints", hints))
    .on("gaze", (gaze) => room.tell("gaze", gaze))
    .on("ended", ({ sentence }) => end(sentence));
  document.addEventListener("visibilitychange", sendMedia);

  return Object.assign(room, {
    devices,
    answerer,

    /** Asks the server how the room stands, and begins to send what an earlier page left behind. */
    async prepare() {
      await refresh();
      await recording.prepare();
    },

    async answer(answers) {
      learn(await api("PUT", config.api.agreements, answers));
      if (room.agreements.recording) room.isRefused = false; // what was refused was refused for the answer before
      recording.apply();
    },

    /**
     * Takes everything back in mid-call; the call goes on.
     * @param {"erase" | "keep"} recorded what becomes of what was recorded until now
     */
    async takeBack(recorded) {
      learn(
        await api("PUT", config.api.agreements, { recording: false, analysis: false, transcript: false, recorded }),
      );
      recording.apply();
      if (recorded === "erase") await recording.forget();
    },

    /** The page is at this step now; connects where a step needs it, lets go where none does. */
    enter(step) {
      room.step = step;
      if (step !== "stopped") room.tab.set({ step });
      if (STAGES[step]) socket.open();
      sendStage();
      answerer.setOpen(step === "call");
      recording.apply();
      room.changed();
    },

    setOn(kind, on) {
      room.tab.set({ [kind]: on });
      devices.setOn(kind, on);
    },

    /** Pauses recording and analysis, or lets both go on; the call itself goes on. */
    pause(on) {
      room.tab.set({ paused: on });
      if (on) {
        frames.want(0); // until the server knows it too
        sound.want(false);
      }
      recording.apply();
      sendMedia();
      room.changed();
    },

    async leave() {
      socket.send("leave");
      halt();
      await api("POST", config.api.leave).catch(() => {}); // the server notices an empty room by itself
    },
  });
}
