/* Sound for the analysis: 100 ms at a time over the socket. What cannot be sent is counted, never passed over. */
import { nowMs } from "../clock.js";
import { audioMessage } from "../protocol.js";

const RATE_HZ = 22100; // a multiple of 100 near what the speech model hears: a third of what 48 kHz would cost
const KEPT_CHUNKS = 100; // ten seconds without a network
const AT_ONCE = 3; // after a break the rest follows in small portions: the server limits bursts
const WINDOW_CHUNKS = 100;
const BACKLOG_BYTES = 256 * 1024; // more than this unsent means that the network is slower than speech

/** When the samples of a chunk were heard. Messages come late, never early: the earliest of the last ones is right. */
export class SampleClock {
  constructor(rateHz) {
    this.rateHz = rateHz;
    this.offsets = [];
  }

  /** Epoch milliseconds of `startFrame`, from a chunk of `length` samples that arrived at `nowMs`. */
  capturedMs(startFrame, length, nowMs) {
    this.offsets.push(nowMs - ((startFrame + length) * 1000) / this.rateHz);
    if (this.offsets.length > WINDOW_CHUNKS) this.offsets.shift();
    return Math.min(...this.offsets) + (startFrame * 1000) / this.rateHz;
  }
}

/** Chunks that wait for the socket, numbered as they were heard: dropping one leaves a hole in the numbers. */
export class SoundQueue {
  constructor({ send, kept = KEPT_CHUNKS }) {
    Object.assign(this, { send, kept });
    this.sequence = 0;
    this.lost = 0;
    this.waiting = [];
  }

  add(chunk) {
    this.waiting.push({ ...chunk, sequence: this.sequence });
    this.sequence = (this.sequence + 1) % 2 ** 32;
    if (this.waiting.length > this.kept) {
      this.waiting.shift();
      this.lost += 1;
    }
    for (let sent = 0; sent < AT_ONCE && this.waiting.length; sent += 1) {
      if (!this.send(this.waiting[0])) return;
      this.waiting.shift();
    }
  }

  /** Nothing is wanted any more: what waits is not sent, and not missed. */
  clear() {
    this.waiting = [];
  }
}

/**
 * The page's AudioContext. Browsers may hold it back until the person has clicked; `resume()` then starts it.
 * Firefox mixes no rates: there the device's own is used, which the server understands as well.
 */
export function openContext(track) {
  for (const options of [{ sampleRate: RATE_HZ, latencyHint: "interactive" }, { latencyHint: "interactive" }]) {
    const context = new AudioContext(options);
    try {
      context.createMediaStreamSource(new MediaStream([track])).disconnect();
      if (context.sampleRate % 100 === 0) return context;
    } catch {
      // this rate does not go with this microphone
    }
    context.close();
  }
  return new AudioContext();
}

export class SoundSender {
  constructor({ socket }) {
    this.socket = socket;
    this.wanted = false;
    this.node = null;
    this.source = null;
    this.track = null;
    this.queue = new SoundQueue({ send: (chunk) => this.transmit(chunk) });
    socket.on("welcome", ({ state }) => this.want(state.analysis.audio));
    socket.on("analysis", ({ analysis }) => this.want(analysis.audio));
  }

  want(on) {
    if (this.wanted && !on) this.queue.clear();
    this.wanted = on;
  }

  /** Connects the microphone; `context` must be the one of `openContext`. */
  async follow(context, track) {
    this.source?.disconnect();
    this.source = null;
    this.track = track;
    if (!track || !context) return;
    if (this.node?.context !== context) await this.build(context);
    if (this.track !== track) return; // replaced while the module was loaded
    this.source = context.createMediaStreamSource(new MediaStream([track]));
    this.source.connect(this.node);
  }

  async build(context) {
    await context.audioWorklet.addModule(new URL("./pcm-worklet.js", import.meta.url));
    const clock = new SampleClock(context.sampleRate);
    this.node = new AudioWorkletNode(context, "pcm", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    this.node.port.onmessage = ({ data: { startFrame, samples } }) => {
      const capturedMs = clock.capturedMs(startFrame, samples.length, nowMs());
      if (this.wanted) this.queue.add({ capturedMs, samples, rateHz: context.sampleRate });
    };
  }

  transmit({ sequence, capturedMs, rateHz, samples }) {
    if (this.socket.bufferedBytes > BACKLOG_BYTES) return false;
    return this.socket.sendBinary(audioMessage(sequence, capturedMs, rateHz, samples));
  }
}
