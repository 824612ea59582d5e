/* One clock for everything that leaves this browser: epoch milliseconds that never jump while the page lives. */

/** Now, in epoch milliseconds with fractions. Date.now() may be set back by the system; this cannot. */
export function nowMs() {
  return performance.timeOrigin + performance.now();
}

const KEPT = 15; // round trips that are remembered: half a minute of pings

/** How far the server's clock is from ours, judged by the shortest of the last round trips. */
export class ServerClock {
  constructor() {
    this.samples = [];
  }

  /** One answered ping: when it left, what the server's clock said, when the answer arrived (all milliseconds). */
  learn({ sentMs, serverMs, receivedMs }) {
    const roundTripMs = receivedMs - sentMs;
    if (roundTripMs < 0) return;
    this.samples.push({ roundTripMs, offsetMs: serverMs - (sentMs + receivedMs) / 2 });
    this.samples = this.samples.slice(-KEPT);
  }

  get best() {
    return this.samples.reduce((best, one) => (best && best.roundTripMs <= one.roundTripMs ? best : one), null);
  }

  /** Add this to our time to get the server's; 0 until a ping was answered. */
  get offsetMs() {
    return this.best ? this.best.offsetMs : 0;
  }

  /** The shortest recent round trip in milliseconds, null until one is known. */
  get roundTripMs() {
    return this.best ? this.best.roundTripMs : null;
  }

  /** The round trip of the last answered ping, null until one was. */
  get lastRoundTripMs() {
    return this.samples.at(-1)?.roundTripMs ?? null;
  }

  /** The server's time now, in epoch milliseconds. */
  now() {
    return nowMs() + this.offsetMs;
  }
}
