/* Pictures for the analysis: JPEG of the camera's newest frame, each with its capture time, never a queue of them. */
import { nowMs } from "../clock.js";
import { LIMITS, frameMessage } from "../protocol.js";
import { FramePacer } from "./pacing.js";

const QUALITIES = [0.82, 0.6, 0.4]; // a frame over the limit of bytes is written again, coarser
const LOOK_AGAIN_MS = 250; // a hidden page is shown no frames; then the clock drives
const BACKLOG_BYTES = 512 * 1024; // more than this unsent means that the network is slower than we are

export class FrameSender {
  /**
   * @param {object} options
   * @param {import("../socket.js").RoomSocket} options.socket
   * @param {(frame: {sequence: number, capturedMs: number}) => void} options.onSent hears of each frame
   */
  constructor({ socket, onSent }) {
    this.socket = socket;
    this.onSent = onSent;
    this.pacer = new FramePacer(LIMITS);
    this.sequence = 0;
    this.timer = 0;
    this.running = false;
    this.busy = false;
    this.video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
    this.canvas = document.createElement("canvas");
    socket.on("frame_ack", ({ sequence, analysed }) => {
      this.pacer.acknowledged(sequence, analysed, nowMs());
      this.schedule();
    });
    socket.on("welcome", ({ state }) => {
      this.pacer.reset();
      this.want(state.analysis.fps);
    });
    socket.on("analysis", ({ analysis }) => this.want(analysis.fps));
  }

  want(fps) {
    this.pacer.wanted = fps;
    this.schedule();
  }

  /** The camera's track, or null: then nothing is sent. */
  follow(track) {
    this.video.srcObject = track ? new MediaStream([track]) : null;
    this.running = Boolean(track);
    if (!track) return clearTimeout(this.timer);
    this.video.play().catch(() => {}); // replaced by a newer track before it began
    this.schedule();
  }

  schedule() {
    clearTimeout(this.timer);
    const wait = this.pacer.waitMs(nowMs());
    if (this.running && !this.busy && wait < Infinity) this.timer = setTimeout(() => this.send(), wait);
  }

  async send() {
    this.busy = true;
    try {
      const capturedMs = await this.nextFrame();
      if (!this.running || this.socket.state !== "open" || this.socket.bufferedBytes > BACKLOG_BYTES) return;
      const jpeg = await this.encode();
      if (!jpeg || !this.running) return;
      const sequence = this.sequence;
      if (!this.socket.sendBinary(frameMessage(sequence, capturedMs, jpeg))) return;
      this.sequence = (sequence + 1) % 2 ** 32;
      this.pacer.sent(sequence, nowMs());
      this.onSent({ sequence, capturedMs });
    } finally {
      this.busy = false;
      if (this.socket.state === "open") this.schedule(); // otherwise the next welcome does
    }
  }

  /** Resolves to the capture time of the frame that the video shows next. */
  nextFrame() {
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(nowMs()), LOOK_AGAIN_MS);
      this.video.requestVideoFrameCallback?.((now, { captureTime }) => {
        clearTimeout(late);
        const shownMs = performance.timeOrigin + now;
        const capturedMs = performance.timeOrigin + (captureTime ?? now);
        resolve(Math.abs(shownMs - capturedMs) < 2000 ? capturedMs : shownMs); // some drivers count on another clock
      });
    });
  }

  /** The present picture as bytes within the limits; null when there is none yet. */
  async encode() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width) return null;
    this.canvas.width = Math.min(LIMITS.frame_width, width);
    this.canvas.height = Math.round((this.canvas.width * height) / width);
    this.canvas.getContext("2d", { alpha: false })?.drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    for (const quality of QUALITIES) {
      const blob = await new Promise((resolve) => this.canvas.toBlob(resolve, "image/jpeg", quality));
      if (blob && blob.size <= LIMITS.frame_bytes) return blob.arrayBuffer();
    }
    return null;
  }
}
