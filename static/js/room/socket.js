/* The room's one WebSocket: says hello, keeps the clock, and comes back by itself after a dropped network. */
import { ServerClock, nowMs } from "./clock.js";

const PING_EVERY_MS = 2000;
const SILENT_AFTER_MS = 10000; // a half-open connection never fails by itself
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10000;
const JITTER = 0.3; // many browsers that lost the same server must not come back in the same instant

const SENTENCES = {
  4400: "This page and the server do not understand each other. Reload the page.",
  4401: "This page may no longer take part: the invitation or the login has ended.",
  4404: "This room does not exist, or it is not open to you.",
  4408: "The connection was too slow. Connecting again.",
  4409: "This interview was opened in another tab or window. This page has stopped.",
  4410: "The interview has ended.",
  4413: "This page sent more at once than the server takes. Connecting again.",
  4429: "This page sent more than the server takes. Connecting again.",
};
const FINAL = new Set([4400, 4401, 4404, 4409, 4410]); // trying again would not help

/** What a closed connection means, in a sentence for the user. */
export function closeSentence(code) {
  return SENTENCES[code] || "The connection to the server was lost. Connecting again.";
}

/**
 * `new RoomSocket({url, hello, refusal})`, then `on(...)`, then `open()`.
 *
 * - `url`: path or address of the socket; a path is taken on this host, wss on https.
 * - `hello()`: the first message of every connection, such as {type: "hello", protocol: 1, tab}.
 * - `refusal()`: optional; asked when a connection failed before it opened. Resolves to a sentence when trying again
 *   is pointless (the browser hides why a handshake was refused), else to "".
 *
 * `on(type, handler)` hears the server's messages by their type; "state" hears this object's own state:
 * {state: "connecting" | "open" | "waiting" | "closed", code, sentence, retry_ms}. "open" means welcomed, so that after
 * a "welcome" everything may be sent; what was sent before is lost, and the owner sends its present state again.
 */
export class RoomSocket {
  constructor({ url, hello, refusal = async () => "" }) {
    Object.assign(this, { hello, refusal });
    this.url = new URL(url, location.href);
    this.url.protocol = this.url.protocol.replace("http", "ws");
    this.clock = new ServerClock();
    this.state = "closed";
    this.handlers = new Map();
    this.socket = null;
    this.waitMs = FIRST_WAIT_MS;
    this.timers = { ping: 0, retry: 0 };
    this.retryNow = this.retryNow.bind(this);
  }

  on(type, handler) {
    this.handlers.set(type, [...(this.handlers.get(type) || []), handler]);
    return this;
  }

  open() {
    if (this.state !== "closed") return;
    addEventListener("online", this.retryNow);
    this.connect();
  }

  /** Ends it for good. `sentence` is told to the listeners of "state". */
  close(sentence = "", code = 1000) {
    removeEventListener("online", this.retryNow);
    clearTimeout(this.timers.retry);
    this.drop();
    this.become("closed", { code, sentence });
  }

  /** Sends a message object. False when there is no welcomed connection: it is then not sent later either. */
  send(message) {
    if (this.state !== "open") return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Sends an ArrayBuffer; false as for `send`. */
  sendBinary(buffer) {
    if (this.state !== "open") return false;
    this.socket.send(buffer);
    return true;
  }

  /** Bytes handed over that have not left this machine. */
  get bufferedBytes() {
    return this.socket ? this.socket.bufferedAmount : 0;
  }

  retryNow() {
    if (this.state !== "waiting") return;
    clearTimeout(this.timers.retry);
    this.connect();
  }

  connect() {
    this.become("connecting");
    const socket = new WebSocket(this.url);
    let opened = false;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      opened = true;
      socket.send(JSON.stringify(this.hello()));
      this.heardMs = nowMs();
      this.ping();
    };
    socket.onmessage = (event) => {
      this.heardMs = nowMs();
      this.receive(JSON.parse(event.data));
    };
    socket.onclose = (event) => {
      this.drop();
      this.lost(event.code, opened);
    };
    this.socket = socket;
  }

  receive(message) {
    if (message.type === "pong") {
      this.clock.learn({ sentMs: message.sent_ms, serverMs: message.server_ms, receivedMs: nowMs() });
    }
    if (message.type === "welcome") {
      this.waitMs = FIRST_WAIT_MS;
      this.become("open");
    }
    this.tell(message.type, message);
  }

  ping() {
    if (nowMs() - this.heardMs > SILENT_AFTER_MS) {
      this.drop();
      this.lost(1006, true);
      return;
    }
    this.socket.send(JSON.stringify({ type: "ping", sent_ms: nowMs() }));
    this.timers.ping = setTimeout(() => this.ping(), PING_EVERY_MS);
  }

  /** Forgets the present connection, whatever its state; it can say nothing more. */
  drop() {
    clearTimeout(this.timers.ping);
    const socket = this.socket;
    if (!socket) return;
    this.socket = null;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  async lost(code, opened) {
    if (FINAL.has(code)) return this.close(closeSentence(code), code);
    const wait = this.waitMs * (1 + JITTER * (2 * Math.random() - 1));
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
    this.become("waiting", { code, sentence: closeSentence(code), retry_ms: wait });
    this.timers.retry = setTimeout(() => this.connect(), wait);
    const refused = opened ? "" : await this.refusal();
    if (refused && this.state !== "open") this.close(refused, code);
  }

  become(state, { code = 0, sentence = "", retry_ms = 0 } = {}) {
    this.state = state;
    this.tell("state", { state, code, sentence, retry_ms });
  }

  tell(type, message) {
    for (const handler of this.handlers.get(type) || []) handler(message);
  }
}
