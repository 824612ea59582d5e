/* The room's one WebSocket: says hello, keeps the clock, and comes back by itself after a dropped network. */
import { ServerClock, nowMs } from "./clock.js";
import { LIMITS, ProtocolError, VERSION, closeMeaning, readMessage, textMessage } from "./protocol.js";

const SILENT_AFTER_MS = 10000; // a half-open connection never fails by itself
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10000;
const JITTER = 0.3; // many browsers that lost the same server must not come back in the same instant

/**
 * `new RoomSocket({url, hello, refusal})`, then `on(...)`, then `open()`.
 *
 * - `url`: path or address of the socket; a path is taken on this host, wss on https.
 * - `hello`: fields of the first message besides the protocol's version and the time, such as {tab}.
 * - `refusal()`: optional; asked when a connection failed before it opened. Resolves to a sentence when trying again
 *   is pointless (the browser hides why a handshake was refused), else to "".
 *
 * `on(type, handler)` hears the server's messages by their type; "state" hears this object's own state:
 * {state: "connecting" | "open" | "waiting" | "closed", code, reason, sentence, retry_ms}. "open" means welcomed: from
 * then on everything may be sent; what was sent before is lost, so the owner sends its present state on each "welcome".
 */
export class RoomSocket {
  constructor({ url, hello = {}, refusal = async () => "" }) {
    this.hello = hello;
    this.refusal = refusal;
    this.url = new URL(url, location.href);
    this.url.protocol = this.url.protocol.replace("http", "ws");
    this.clock = new ServerClock();
    this.state = "closed";
    /** @type {Map<string, ((message: any) => void)[]>} */
    this.handlers = new Map();
    /** @type {WebSocket | null} */
    this.socket = null;
    this.waitMs = FIRST_WAIT_MS;
    this.heardMs = 0; // when something last came
    this.timers = { opening: 0, ping: 0, retry: 0 };
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

  /** Ends it for good; what is told to the listeners of "state" is the caller's. */
  close({ code = 1000, reason = "", sentence = "" } = {}) {
    removeEventListener("online", this.retryNow);
    clearTimeout(this.timers.retry);
    this.drop();
    this.become("closed", { code, reason, sentence });
  }

  /** Sends a message. False when there is no welcomed connection: it is then not sent later either. */
  send(type, fields = {}) {
    if (!this.canSend) return false;
    this.say(type, fields);
    return true;
  }

  /** Sends an ArrayBuffer; false as for `send`. */
  sendBinary(buffer) {
    if (!this.canSend) return false;
    this.socket?.send(buffer);
    return true;
  }

  /** Whether there is a welcomed connection that is not closing: its close event may still be on the way. */
  get canSend() {
    return this.state === "open" && this.socket?.readyState === WebSocket.OPEN;
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
    this.timers.opening = setTimeout(() => this.giveUp(false), SILENT_AFTER_MS);
    socket.onopen = () => {
      opened = true;
      clearTimeout(this.timers.opening);
      this.say("hello", { protocol: VERSION, sent_ms: nowMs(), ...this.hello });
      this.heardMs = nowMs();
      this.ping();
    };
    socket.onmessage = (event) => {
      this.heardMs = nowMs();
      this.receive(event.data);
    };
    socket.onclose = (event) => {
      this.drop();
      this.lost(event.code, opened);
    };
    this.socket = socket;
  }

  say(type, fields) {
    this.socket?.send(textMessage(type, fields));
  }

  receive(text) {
    let message;
    try {
      message = readMessage(text);
    } catch (problem) {
      if (!(problem instanceof ProtocolError)) throw problem;
      console.warn(`A message from the server could not be read: ${problem.message}`);
      return;
    }
    if (message.type === "pong") {
      this.clock.learn({ sentMs: message.sent_ms, serverMs: message.server_ms, receivedMs: nowMs() });
    }
    if (message.type === "welcome") {
      this.waitMs = FIRST_WAIT_MS;
      this.become("open");
      clearTimeout(this.timers.ping);
      this.ping();
    }
    this.tell(message.type, message);
  }

  ping() {
    if (nowMs() - this.heardMs > SILENT_AFTER_MS) return this.giveUp(true);
    if (this.canSend) this.say("ping", { sent_ms: nowMs(), rtt_ms: this.clock.lastRoundTripMs });
    this.timers.ping = setTimeout(() => this.ping(), LIMITS.ping_ms);
  }

  /** Nothing has come for too long. */
  giveUp(opened) {
    this.drop();
    this.lost(1006, opened);
  }

  /** Forgets the present connection, whatever its state; it can say nothing more. */
  drop() {
    clearTimeout(this.timers.opening);
    clearTimeout(this.timers.ping);
    const socket = this.socket;
    if (!socket) return;
    this.socket = null;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  async lost(code, opened) {
    const { name, reconnect, sentence } = closeMeaning(code);
    if (!reconnect) return this.close({ code, reason: name, sentence });
    const wait = this.waitMs * (1 + JITTER * (2 * Math.random() - 1));
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
    this.become("waiting", { code, reason: name, sentence, retry_ms: wait });
    this.timers.retry = setTimeout(() => this.connect(), wait);
    const refused = opened ? "" : await this.refusal();
    if (refused && this.state !== "open") this.close({ code, reason: "refused", sentence: refused });
  }

  become(state, { code = 0, reason = "", sentence = "", retry_ms = 0 } = {}) {
    this.state = state;
    this.tell("state", { state, code, reason, sentence, retry_ms });
  }

  tell(type, message) {
    for (const handler of this.handlers.get(type) || []) handler(message);
  }
}
