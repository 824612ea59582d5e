/* How loud the microphone is: the largest sample of the last moments, on the scale that ears have. */

const QUIET_DB = -60; // shown as nothing
const HEARD_DB = -38; // speech at arm's length is louder than this

/** dBFS as a share 0..1 of the meter. */
export function share(db) {
  return Math.min(1, Math.max(0, 1 - db / QUIET_DB));
}

export class LevelMeter {
  /** @param {AudioContext} context */
  constructor(context) {
    this.context = context;
    this.analyser = new AnalyserNode(context, { fftSize: 2048 });
    this.samples = new Float32Array(this.analyser.fftSize);
    /** @type {MediaStreamAudioSourceNode | null} */
    this.source = null;
  }

  /** Listens to this audio track from now on; null for none. */
  follow(track) {
    this.source?.disconnect();
    this.source = track ? this.context.createMediaStreamSource(new MediaStream([track])) : null;
    this.source?.connect(this.analyser);
  }

  /** {share: 0..1, isHeard}: now. */
  read() {
    if (!this.source) return { share: 0, isHeard: false };
    this.analyser.getFloatTimeDomainData(this.samples);
    const peak = this.samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-6);
    const db = 20 * Math.log10(peak);
    return { share: share(db), isHeard: db > HEARD_DB };
  }
}
