/* Calls with everybody in the room: one with the host, one with each observer. The recruiters' pages begin them. */
import { Peer } from "../peer.js";

const HOST = "host";
const NOBODY = { host: null, observers: [] };

const participants = ({ host, observers }) => [host, ...observers].filter(Boolean).map(({ participant }) => participant);

export class Links {
  /** `onChange()` when the state of a call changed. */
  constructor({ socket, iceServers, onChange }) {
    Object.assign(this, { socket, iceServers, onChange });
    this.presence = NOBODY;
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
    this.presence = NOBODY; // as if all had just come: whoever's call still runs is not disturbed
    this.meet(presence);
  }

  /** Who is here now. After a reload the welcome knows nobody yet: those who appear later are asked to call, too. */
  meet(presence) {
    const met = new Set(participants(this.presence));
    this.presence = presence;
    const here = new Set([HOST, ...participants({ ...presence, host: null })]);
    for (const key of this.peers.keys()) if (!here.has(key)) this.drop(key);
    if (this.isOpen) this.greet(met);
  }

  /** Asks everybody who is here to call, but for those in `met`. */
  greet(met = new Set()) {
    for (const participant of participants(this.presence)) {
      if (!met.has(participant)) this.peer(participant === this.presence.host?.participant ? HOST : participant).start();
    }
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
