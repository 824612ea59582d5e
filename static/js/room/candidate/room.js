/* The candidate's side of the room: devices, socket, analysis, recording and calls, wired together once. */
import { api } from "../../api.js";
import { Devices } from "../media/devices.js";
import { FrameSender } from "../media/frames.js";
import { Recorder } from "../media/recorder.js";
import { Shelf } from "../media/shelf.js";
import { SoundSender, openContext } from "../media/sound.js";
import { Uploader } from "../media/uploader.js";
import { RoomSocket } from "../socket.js";
import { Links } from "./links.js";
import { Memory } from "./memory.js";

const STAGES = { check: "check", calibrate: "calibration", wait: "waiting", call: "call" };
const RUNNING = ["waiting", "live"];
const GONE = "This browser may no longer take part in this interview. Open the link from your invitation again.";

/**
 * Everything but the page. `on("change", handler)` after anything below changed; further events: "hints", "gaze",
 * "sent" (frames), "ended" {sentence}, "stopped" {reason, sentence}.
 */
export class CandidateRoom extends EventTarget {
  constructor(config) {
    super();
    this.config = config;
    this.memory = new Memory(config.room_id);
    this.status = config.status;
    this.agreements = { recording: null, analysis: null, transcript: null };
    this.calibration = { calibrated: false, error_degrees: null };
    this.presence = { host: null, observers: [], candidate: null };
    this.analysis = { state: "off", sentence: "", fps: 0, audio: false };
    this.connection = { state: "closed", sentence: "" };
    this.recording = { recording: false, sentence: "" };
    this.isRefused = false;
    this.upload = { left: 0, complete: true, sentence: "" };
    this.step = "";
    this.context = null;
    this.devices = new Devices({ onChange: (kind) => this.deviceChanged(kind) });
    Object.assign(this.devices.isOn, { camera: this.memory.values.camera, microphone: this.memory.values.microphone });
    this.socket = new RoomSocket({
      url: config.socket_url,
      hello: { tab: this.memory.values.tab },
      refusal: () => this.refusal(),
    });
    this.links = new Links({ socket: this.socket, iceServers: config.ice_servers, onChange: () => this.changed() });
    this.frames = new FrameSender({ socket: this.socket, onSent: (frame) => this.tell("sent", frame) });
    this.sound = new SoundSender({ socket: this.socket });
    this.recorder = null;
    this.listen();
  }

  get isPaused() {
    return this.memory.values.paused;
  }

  get isRunning() {
    return RUNNING.includes(this.status);
  }

  /** Asks the server how the room stands, and begins to send what an earlier page left behind. */
  async prepare() {
    await this.refresh();
    try {
      this.shelf = await Shelf.open(this.config.room_id);
    } catch {
      this.recording.sentence = "This browser keeps nothing for this page, so the interview cannot be recorded here. Leave private browsing or use another browser.";
      return;
    }
    this.uploader = new Uploader({
      shelf: this.shelf,
      takesUrl: this.config.api.takes,
      onProgress: (upload) => this.changed({ upload }),
      onRefused: (sentence) => this.refuseRecording(sentence),
    });
    this.recorder = new Recorder({
      shelf: this.shelf,
      onState: (recording) => this.recordingChanged(recording),
      onChunk: () => this.uploader.added(),
    });
    this.uploader.run();
  }

  async refresh() {
    this.learn(await api("GET", this.config.api.room));
  }

  async answer({ recording, analysis, transcript }) {
    this.learn(await api("PUT", this.config.api.agreements, { recording, analysis, transcript }));
  }

  learn({ status, agreements, calibration, end_reason }) {
    const { recording, analysis, transcript } = agreements;
    this.statements = { recording: recording.statement, analysis: analysis.statement, transcript: transcript.statement };
    this.agreements = { recording: recording.given, analysis: analysis.given, transcript: transcript.given };
    this.changed({ status, calibration, endReason: end_reason });
  }

  /** The page is at this step now; connects where a step needs it, lets go where none does. */
  enter(step) {
    this.step = step;
    if (step !== "stopped") this.memory.set({ step });
    if (STAGES[step]) this.socket.open();
    this.sendStage();
    this.links.setOpen(step === "call");
    this.applyRecording();
    this.changed();
  }

  setOn(kind, on) {
    this.memory.set({ [kind]: on });
    this.devices.setOn(kind, on);
  }

  /** Pauses recording and analysis, or lets both go on; the call itself goes on. */
  pause(on) {
    this.memory.set({ paused: on });
    if (on) {
      this.frames.want(0); // until the server knows it too
      this.sound.want(false);
    }
    this.applyRecording();
    this.sendMedia();
    this.changed();
  }

  async leave() {
    this.socket.send("leave");
    this.halt();
    await api("POST", this.config.api.leave).catch(() => {}); // the server notices an empty room by itself
  }

  /** Camera, microphone, calls and recording stop; what was recorded goes on to the server. */
  halt() {
    this.step = "";
    this.socket.close();
    this.links.setOpen(false);
    this.applyRecording();
    this.devices.close();
  }

  listen() {
    const { socket } = this;
    socket.on("state", (state) => this.connectionChanged(state));
    socket.on("welcome", ({ state: { room, presence, analysis, agreements, calibration } }) => {
      this.sendStage();
      this.sendMedia();
      this.links.welcome(presence);
      this.changed({ presence, analysis, agreements, calibration, status: room.status });
      this.applyRecording();
    });
    socket.on("presence", ({ presence }) => {
      this.links.meet(presence);
      this.changed({ presence });
    });
    socket.on("signal", ({ from, data }) => this.links.receive(from, data));
    socket.on("room", ({ room }) => {
      this.changed({ status: room.status });
      this.applyRecording();
    });
    socket.on("analysis", ({ analysis }) => this.changed({ analysis }));
    socket.on("calibration", ({ calibration }) => this.changed({ calibration }));
    socket.on("hints", (hints) => this.tell("hints", hints));
    socket.on("gaze", (gaze) => this.tell("gaze", gaze));
    socket.on("ended", ({ sentence }) => this.ended(sentence));
    document.addEventListener("visibilitychange", () => this.sendMedia());
  }

  connectionChanged(state) {
    this.changed({ connection: state });
    if (state.state === "open") this.uploader?.serverIsBack();
    if (state.state !== "closed" || state.code === 1000) return;
    if (state.reason === "ended") this.ended(state.sentence);
    else {
      if (state.reason === "taken_over") this.uploader?.stopWhenSent();
      this.halt();
      this.tell("stopped", state);
    }
  }

  ended(sentence) {
    if (!this.isRunning && this.step === "") return; // told by message and by close code
    this.status = "ended";
    this.uploader?.serverIsBack(); // the news of the end came from it
    this.halt();
    this.tell("ended", { sentence });
  }

  /** Why a handshake failed is hidden from pages; the REST address says it. */
  async refusal() {
    try {
      await this.refresh();
    } catch (error) {
      return error.status === 404 ? GONE : "";
    }
    if (!this.isRunning) this.ended(this.endReason);
    return "";
  }

  deviceChanged(kind) {
    const track = this.devices.tracks[kind];
    const isOn = this.devices.isOn[kind];
    if (kind === "camera") this.frames.follow(isOn ? track : null);
    else this.followSound(track);
    this.links.setTrack(kind === "camera" ? "video" : "audio", track);
    this.recorder?.follow([this.devices.tracks.camera, this.devices.tracks.microphone]);
    this.sendMedia();
    this.changed();
  }

  followSound(track) {
    if (this.heard === track) return;
    this.heard = track;
    if (track && !this.context) {
      this.context = openContext(track);
      this.context.onstatechange = () => this.changed();
    }
    this.sound.follow(this.context, track).catch((error) => console.warn("Sound for the analysis:", error));
  }

  applyRecording() {
    const mayRecord = this.agreements.recording && !this.isPaused && !this.isRefused;
    const wanted = this.step === "call" && this.status === "live" && mayRecord;
    this.recorder?.follow([this.devices.tracks.camera, this.devices.tracks.microphone]);
    this.recorder?.setOn(Boolean(wanted));
  }

  recordingChanged(recording) {
    if (!recording.recording) this.uploader.nudge();
    this.changed({ recording });
    this.sendMedia();
  }

  /** The server will take nothing more: recording on would only fill this device. */
  async refuseRecording(sentence) {
    this.isRefused = true;
    await this.recorder.setOn(false);
    this.changed({ recording: { recording: false, sentence } });
  }

  sendStage() {
    if (STAGES[this.step]) this.socket.send("stage", { stage: STAGES[this.step] });
  }

  sendMedia() {
    const { tracks, isOn } = this.devices;
    this.socket.send("media", {
      media: {
        camera: Boolean(tracks.camera) && isOn.camera,
        microphone: Boolean(tracks.microphone) && isOn.microphone,
        recording: Boolean(this.recorder?.isRecording),
        analysis_paused: this.isPaused,
        visible: !document.hidden,
      },
    });
  }

  on(type, handler) {
    this.addEventListener(type, ({ detail }) => handler(detail));
    return this;
  }

  changed(fields = {}) {
    Object.assign(this, fields);
    this.tell("change");
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
