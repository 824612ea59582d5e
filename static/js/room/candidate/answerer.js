/* The candidate's side of the calls, in WebRTC's terms the answerer: the recruiters' pages call this one. */
import { NOBODY, createPeers } from "../peers.js";

const participants = ({ host, observers }) => [host, ...observers].filter(Boolean).map((one) => one.participant);

/**
 * @param {object} options
 * @param {import("../socket.js").RoomSocket} options.socket
 * @param {RTCIceServer[]} options.iceServers
 * @param {() => void} options.onChange hears that the state of a call changed
 */
export function createAnswerer({ socket, iceServers, onChange }) {
  const peers = createPeers({
    socket,
    iceServers,
    roles: ["host"],
    isCaller: () => false,
    onPeer: (key, peer) => (peer.onState = onChange),
  });
  let presence = NOBODY;
  let isOpen = false;

  /** Asks everybody who is here to call, but for those in `met`. */
  function greet(met = new Set()) {
    for (const participant of participants(presence)) {
      if (!met.has(participant)) peers.to(peers.keyOf(participant)).start();
    }
  }

  /** Who is here now. After a reload the welcome knows nobody yet: those who appear later are asked to call, too. */
  function meet(changed) {
    const met = new Set(participants(presence));
    presence = changed;
    peers.setPresence(changed);
    if (isOpen) greet(met);
  }

  return {
    meet,
    setTrack: peers.setTrack,
    setServers: peers.setServers,
    /** The call with the host, undefined while there is none. */
    get host() {
      return peers.get("host");
    },
    /** Only an open door lets picture and sound out: before the call nobody is answered. */
    setOpen(open) {
      if (open === isOpen) return;
      isOpen = open;
      if (open) return greet();
      peers.close();
      onChange();
    },
    /** A new connection: as if all had just come. Whoever's call still runs is not disturbed. */
    welcome(changed) {
      presence = NOBODY;
      meet(changed);
    },
    receive(from, data) {
      if (isOpen) peers.receive(from, data);
    },
  };
}
