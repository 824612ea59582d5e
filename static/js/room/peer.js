/* Picture and sound between two people: WebRTC with perfect negotiation over the room's socket. */

const LOST_AFTER_MS = 4000; // "disconnected" often heals by itself
const GIVE_UP_AFTER_MS = 15000; // then the page says that there is no direct connection; trying goes on
const STUMBLED_MS = 1000;

/**
 * One connection to one other person. It outlives the socket: when the other side comes back as a new participant of
 * the room, `send` addresses the new one, and a call that still runs goes on.
 *
 * The caller (a recruiter's page) makes the two lines, sound and picture, and offers; the answerer (the candidate's
 * page) fills them. Later both may offer, to mend a broken path: the caller is the impolite one, whose offer stands
 * when two cross.
 *
 *     const peer = new Peer({ caller, iceServers, send: (data) => socket.send("signal", { to, data }) });
 *     video.srcObject = peer.remote;            // one stream for the whole life of the peer
 *     peer.onState = (state) => …;              // "idle" | "connecting" | "connected" | "interrupted" | "failed"
 *     peer.setTrack("video", track);            // or null; any time, also to change camera or share a screen
 *     socket.on("signal", ({ from, data }) => peer.receive(data));
 *     peer.start();                             // after every welcome, and when the other side appears again
 *
 * "failed" means no direct path for 15 s; the peer goes on trying, and may still become "connected".
 */
export class Peer {
  /**
   * @param {object} options
   * @param {boolean} options.caller
   * @param {RTCIceServer[]} options.iceServers
   * @param {(data: object) => void} options.send
   */
  constructor({ caller, iceServers, send }) {
    this.caller = caller;
    this.iceServers = iceServers;
    this.send = send;
    this.remote = new MediaStream();
    /** @type {(state: string) => void} */
    this.onState = () => {};
    this.state = "idle";
    /** @type {Record<string, MediaStreamTrack | null>} */
    this.tracks = { audio: null, video: null };
    this.call = ""; // names the present connection: what belongs to an earlier one is ignored
    /** @type {RTCPeerConnection | null} */
    this.connection = null;
    this.offering = this.ignoring = false;
    this.queue = Promise.resolve();
    this.timers = { restart: 0, failed: 0 };
  }

  /** Caller: calls. Answerer: asks to be called. Does nothing while picture and sound flow: they survive the socket. */
  start() {
    if (this.state === "connected") return;
    if (this.caller) this.dial();
    else this.send({ ready: true });
  }

  dial() {
    const connection = this.renew(crypto.randomUUID());
    for (const kind of ["audio", "video"]) {
      const line = connection.addTransceiver(kind, { direction: "sendrecv" });
      line.sender.replaceTrack(this.tracks[kind]);
    }
  }

  setTrack(kind, track) {
    this.tracks[kind] = track;
    for (const line of this.connection?.getTransceivers() || []) {
      if (line.receiver.track.kind === kind) line.sender.replaceTrack(track);
    }
  }

  close() {
    this.forget();
    this.become("idle");
  }

  /** One signal of the other side. Signals must be given in the order in which they arrived. */
  receive(data) {
    this.queue = this.queue.then(() => this.handle(data)).catch(() => this.stumble());
    return this.queue;
  }

  async handle({ ready, call, description, candidate }) {
    if (ready) return this.caller ? this.dial() : undefined; // it has no connection (any more)
    if (call !== this.call) {
      if (this.caller || description?.type !== "offer") return; // of a connection that is gone
      this.renew(call);
    }
    if (description) await this.describe(description);
    else if (candidate) await this.addCandidate(candidate);
  }

  /** The present connection; a signal that comes while there is none does not fit. */
  get present() {
    if (!this.connection) throw new Error("There is no connection.");
    return this.connection;
  }

  async describe(description) {
    const connection = this.present;
    const crossed = description.type === "offer" && (this.offering || connection.signalingState !== "stable");
    this.ignoring = crossed && this.caller;
    if (this.ignoring) return;
    await connection.setRemoteDescription(description); // the polite one's own offer is taken back by this
    if (description.type !== "offer") return;
    for (const line of connection.getTransceivers()) {
      line.direction = "sendrecv";
      await line.sender.replaceTrack(this.tracks[line.receiver.track.kind]);
    }
    await connection.setLocalDescription();
    this.sendDescription(connection);
  }

  async addCandidate(candidate) {
    try {
      await this.present.addIceCandidate(candidate);
    } catch (problem) {
      if (!this.ignoring) throw problem; // of an offer that was ignored, a candidate cannot fit
    }
  }

  renew(call) {
    this.forget();
    this.call = call;
    this.ignoring = this.offering = false;
    const connection = new RTCPeerConnection({ iceServers: this.iceServers });
    this.connection = connection;
    const mine = (handler) => (event) => this.connection === connection && handler(event);
    connection.onicecandidate = mine(({ candidate }) => {
      if (candidate) this.send({ call, candidate: candidate.toJSON() });
    });
    connection.ontrack = mine(({ track }) => this.take(track));
    connection.onnegotiationneeded = mine(() => this.offer(connection));
    connection.onconnectionstatechange = mine(() => this.follow(connection.connectionState));
    this.become("connecting");
    this.failSoon(GIVE_UP_AFTER_MS);
    return connection;
  }

  async offer(connection) {
    const { call } = this;
    if (!this.caller && !connection.remoteDescription) return; // the first offer is the caller's
    this.offering = true;
    try {
      await connection.setLocalDescription();
      if (call === this.call) this.sendDescription(connection);
    } finally {
      this.offering = false;
    }
  }

  sendDescription(connection) {
    this.send({ call: this.call, description: connection.localDescription.toJSON() });
  }

  take(track) {
    for (const old of this.remote.getTracks()) if (old.kind === track.kind) this.remote.removeTrack(old);
    this.remote.addTrack(track);
  }

  follow(state) {
    clearTimeout(this.timers.restart);
    if (state === "connected") {
      clearTimeout(this.timers.failed);
      this.become("connected");
    } else if (state === "disconnected" || state === "failed") {
      if (this.state === "connected") {
        this.become("interrupted");
        this.failSoon(GIVE_UP_AFTER_MS);
      }
      this.timers.restart = setTimeout(() => this.mend(), state === "failed" ? 0 : LOST_AFTER_MS);
    }
  }

  /** A description that does not fit: the other side began anew without our knowing. Only a new call helps. */
  stumble() {
    clearTimeout(this.timers.restart);
    this.timers.restart = setTimeout(() => (this.caller ? this.dial() : this.send({ ready: true })), STUMBLED_MS);
  }

  /** Looks for a new path, again and again until there is one. */
  mend() {
    this.connection?.restartIce();
    this.timers.restart = setTimeout(() => this.mend(), GIVE_UP_AFTER_MS);
  }

  failSoon(afterMs) {
    clearTimeout(this.timers.failed);
    this.timers.failed = setTimeout(() => this.become("failed"), afterMs);
  }

  forget() {
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
    this.connection?.close();
    this.connection = null;
    this.call = "";
    for (const track of this.remote.getTracks()) this.remote.removeTrack(track);
  }

  become(state) {
    if (state === this.state) return;
    this.state = state;
    this.onState(state);
  }
}
