/* Calls with everybody in the room: one with the host, one with each observer. The recruiters' pages begin them. */
import { Peer } from "../peer.js";

const HOST = "host";

export class Links {
  /** `onChange()` when the state of a call changed. */
  constructor({ socket, iceServers, onChange }) {
    Object.assign(this, { socket, iceServers, onChange });
    this.presence = { host: null, observers: [] };
    this.tracks = { audio: null, video: null };
    this.peers = new Map(); // by participant; the host's by its role, so that it outlives a lost socket
    this.isOpen = false;
  }

  /** The call with the host, or undefined while there is none. */
  get host() {
    return this.peers.get(HOST);
  }

  /** Only an open door lets picture and sound out: before the call nobody is answered. */
  setOpen(open) {
    if (open === this.isOpen) return;
    this.isOpen = open;
    if (open) this.greet();
    else for (const key of this.peers.keys()) this.drop(key);
  }

  setTrack(kind, track) {
    this.tracks[kind] = track;
    for (const peer of this.peers.values()) peer.setTrack(kind, track);
  }

  welcome(presence) {
    this.meet(presence);
    if (this.isOpen) this.greet();
  }

  meet(presence) {
    this.presence = presence;
    const here = new Set([HOST, ...presence.observers.map((observer) => observer.participant)]);
    for (const key of this.peers.keys()) if (!here.has(key)) this.drop(key);
  }

  /** Asks everybody who is here to call. */
  greet() {
    if (this.presence.host) this.peer(HOST).start();
    for (const { participant } of this.presence.observers) this.peer(participant).start();
  }

  receive(from, data) {
    if (this.isOpen) this.peer(from === this.presence.host?.participant ? HOST : from).receive(data);
  }

  peer(key) {
    let peer = this.peers.get(key);
    if (peer) return peer;
    peer = new Peer({
      caller: false,
      iceServers: this.iceServers,
      send: (data) => {
        const to = key === HOST ? this.presence.host?.participant : key;
        if (to) this.socket.send("signal", { to, data });
      },
    });
    peer.onState = () => this.onChange();
    for (const [kind, track] of Object.entries(this.tracks)) peer.setTrack(kind, track);
    this.peers.set(key, peer);
    return peer;
  }

  drop(key) {
    this.peers.get(key).close();
    this.peers.delete(key);
    this.onChange();
  }
}
