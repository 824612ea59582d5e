/* Runs on the audio thread: cuts what the microphone hears into equal chunks of 16-bit samples, nothing left out. */

const CHUNKS_PER_S = 10;

class PcmProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.length = Math.round(sampleRate / CHUNKS_PER_S);
    this.chunk = new Int16Array(this.length);
    this.filled = 0;
  }

  process([channels]) {
    const samples = channels[0];
    if (!samples) return true; // no microphone for the moment
    for (let at = 0; at < samples.length; at += 1) {
      const sample = Math.max(-1, Math.min(1, samples[at]));
      this.chunk[this.filled] = Math.round(sample * 32767);
      this.filled += 1;
      if (this.filled === this.length) this.post(currentFrame + at + 1);
    }
    return true;
  }

  /** `end` is the context's frame after the chunk's last one. */
  post(end) {
    this.port.postMessage({ startFrame: end - this.length, samples: this.chunk }, [this.chunk.buffer]);
    this.chunk = new Int16Array(this.length);
    this.filled = 0;
  }
}

registerProcessor("pcm", PcmProcessor);
