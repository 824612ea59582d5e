/* The calls of one page with everybody else in the room: one peer connection to each person. */
import { Peer } from "./peer.js";

/**
 * @typedef {{participant: string, name: string}} Participant
 * @typedef {{host: Participant | null, observers: Participant[], candidate: Participant | null}} Presence
 */

/** @type {Presence} */
export const NOBODY = { host: null, observers: [], candidate: null };

/**
 * Peers are kept by key: the role of those in `roles`, who are the same person under every participant and whose call
 * outlives a lost socket; else the participant.
 * @param {object} options
 * @param {import("./socket.js").RoomSocket} options.socket carries the signals
 * @param {RTCIceServer[]} options.iceServers
 * @param {("host" | "candidate")[]} options.roles
 * @param {(key: string) => boolean} options.isCaller whether this page calls that person
 * @param {(key: string, peer: Peer) => void} options.onPeer hears every new peer before it is used
 */
export function createPeers({ socket, iceServers, roles, isCaller, onPeer }) {
  /** @type {Map<string, Peer>} */
  const peers = new Map();
  const tracks = { audio: null, video: null };
  let presence = NOBODY;

  const participantOf = (key) => (roles.includes(key) ? presence[key]?.participant : key);
  const keyOf = (participant) => roles.find((role) => presence[role]?.participant === participant) ?? participant;
  const isHere = (key) => roles.includes(key) || presence.observers.some(({ participant }) => participant === key);

  /** The peer of a key, made where there is none. */
  function to(key) {
    const known = peers.get(key);
    if (known) return known;
    const peer = new Peer({
      caller: isCaller(key),
      iceServers,
      send(data) {
        const participant = participantOf(key);
        if (participant) socket.send("signal", { to: participant, data });
      },
    });
    onPeer(key, peer);
    for (const [kind, track] of Object.entries(tracks)) peer.setTrack(kind, track);
    peers.set(key, peer);
    return peer;
  }

  function drop(key) {
    peers.get(key)?.close();
    peers.delete(key);
  }

  return {
    to,
    keyOf,
    isHere,
    drop,
    /** The peer of a key, undefined where there is none. */
    get: (key) => peers.get(key),
    /** Who is in the room now; calls with those who are gone end. */
    setPresence(changed) {
      presence = changed;
      for (const key of peers.keys()) if (!isHere(key)) drop(key);
    },
    /** What is sent to everybody; null for nothing. */
    setTrack(kind, track) {
      tracks[kind] = track;
      for (const peer of peers.values()) peer.setTrack(kind, track);
    },
    /** A signal of somebody, whose peer is made where there is none. */
    receive: (from, data) => to(keyOf(from)).receive(data),
    /** By these servers connections are made from now on: what they were given before runs out. */
    setServers(servers) {
      iceServers = servers;
      for (const peer of peers.values()) peer.iceServers = servers;
    },
    /** After a welcome: what flows goes on; the rest calls again. */
    restart() {
      for (const peer of peers.values()) peer.start();
    },
    close() {
      for (const key of peers.keys()) drop(key);
    },
  };
}
