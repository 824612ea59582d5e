/* Sound for the analysis: 100 ms at a time over the socket. What cannot be sent is counted, never passed over. */
import { nowMs } from "../clock.js";
import { audioMessage } from "../protocol.js";
import { SampleClock, SoundQueue } from "./sound_queue.js";

const RATE_HZ = 22100; // a multiple of 100 near what the speech model hears: a third of what 48 kHz would cost
/** @type {AudioWorkletNodeOptions} */
const ONE_CHANNEL = { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" };
const BACKLOG_BYTES = 256 * 1024; // more than this unsent means that the network is slower than speech

/** @type {AudioContextOptions[]} tried in this order */
const CONTEXTS = [{ sampleRate: RATE_HZ, latencyHint: "interactive" }, { latencyHint: "interactive" }];

/**
 * The page's AudioContext. Browsers may hold it back until the person has clicked; `resume()` then starts it.
 * Firefox mixes no rates: there the device's own is used, which the server understands as well.
 */
export function openContext(track) {
  for (const options of CONTEXTS) {
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
    this.node = new AudioWorkletNode(context, "pcm", ONE_CHANNEL);
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
