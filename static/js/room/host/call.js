/* The call: own camera and microphone, one connection to each other person, and what is shown when there is none. */
import { Peer } from "../peer.js";
import { announce, config, isHost, say } from "./page.js";
import { createFallback } from "./fallback.js";
import { createOwnMedia } from "./own_media.js";

const FALLBACK_AFTER_MS = 6_000; // a working connection is there within two seconds
const CONNECTION_WORDS = {
  idle: ["none", "Not connected"],
  connecting: ["slow", "Connecting picture and sound…"],
  connected: ["good", "Picture and sound connected"],
  interrupted: ["slow", "Connection interrupted, reconnecting…"],
  failed: ["bad", "No direct connection; still trying"],
};

/** `socket` is the RoomSocket; the call follows presence and status that it is told. */
export function createCall({ socket }) {
  const stage = document.getElementById("call-stage");
  const video = document.getElementById("candidate-video");
  const callWords = document.getElementById("call-words");
  const connection = document.getElementById("call-connection");
  const note = document.getElementById("call-note");
  const playSound = document.getElementById("play-sound");
  const fallback = createFallback({ image: document.getElementById("candidate-frame"), socket, onPicture: show });
  let iceServers = config.ice_servers;
  let presence = { host: null, observers: [], candidate: null };
  let isLive = false;
  let isCandidateIn = true; // false while their page says that it is before the call
  let fallbackTimer = 0;
  const peers = new Map(); // "candidate", "host", or an observer's participant -> Peer

  const own = isHost ? createOwnMedia({ onTrack: (kind, track) => peers.forEach((peer) => peer.setTrack(kind, track)) }) : null;

  /* Whom a key of `peers` stands for at this moment: after a reload the same person is another participant. */
  const participantOf = (key) => (key in presence ? presence[key]?.participant : key);
  const keyOf = (participant) => ["candidate", "host"].find((key) => presence[key]?.participant === participant) || participant;

  function peerTo(key) {
    const known = peers.get(key);
    if (known) return known;
    const peer = new Peer({
      caller: key === "candidate" || !isHost, // towards the host the observer calls
      iceServers,
      send: (data) => {
        const to = participantOf(key);
        if (to) socket.send("signal", { to, data });
      },
    });
    peers.set(key, peer);
    for (const kind of ["audio", "video"]) if (own) peer.setTrack(kind, own.tracks[kind]);
    if (key === "candidate") followCandidate(peer);
    else if (!isHost) showHost(peer);
    return peer;
  }

  function followCandidate(peer) {
    video.srcObject = peer.remote;
    peer.remote.onaddtrack = play;
    peer.onState = (state) => {
      drawConnection();
      show();
      if (state === "connected") {
        play();
        if (fallback.isOn) announce("Picture and sound are connected.");
      }
      arrangeFallback();
    };
  }

  function showHost(peer) {
    const small = document.getElementById("own-video");
    small.srcObject = peer.remote;
    small.muted = false;
    peer.onState = (state) => (document.getElementById("call-own").hidden = state !== "connected");
  }

  async function play() {
    try {
      await video.play();
      playSound.hidden = true;
    } catch (problem) {
      playSound.hidden = problem.name !== "NotAllowedError"; // browsers want a click before a page makes a sound
    }
  }

  const stateOf = () => peers.get("candidate")?.state || "idle";
  const isExpected = () => isLive && isCandidateIn && Boolean(presence.candidate);

  function arrangeFallback() {
    clearTimeout(fallbackTimer);
    if (!isExpected() || stateOf() === "connected") return fallback.stop();
    if (stateOf() === "failed") return fallback.start();
    fallbackTimer = setTimeout(() => fallback.start(), FALLBACK_AFTER_MS);
  }

  function drawConnection() {
    const none = !isLive ? "The call has not started" : presence.candidate ? "Candidate not in the call yet" : "Candidate not connected";
    const [level, sentence] = isExpected() ? CONNECTION_WORDS[stateOf()] : ["none", none];
    connection.dataset.level = level;
    connection.querySelector("[data-words]").textContent = sentence;
  }

  /* Which picture of the candidate stands on the stage, and what is said where there is none. */
  function show() {
    const picture = stateOf() === "connected" && isExpected() ? "video" : fallback.hasPicture ? "frames" : "none";
    if (picture === "frames" && stage.dataset.picture !== "frames") announce("No direct connection. You see the candidate picture by picture, without sound.");
    stage.dataset.picture = picture;
    document.getElementById("candidate-frame").hidden = picture !== "frames";
    say(note, picture === "frames" ? "No direct connection: you see the pictures that are sent for analysis, a few a second and without sound. The recording is not affected." : "");
  }

  function follow() {
    if (isLive) {
      const wanted = ["candidate", ...(isHost ? [] : ["host"])].filter((key) => presence[key]);
      for (const key of wanted) if (!peers.has(key)) peerTo(key).start();
    }
    for (const [key, peer] of peers) {
      const isGone = !(key in presence) && !presence.observers.some(({ participant }) => participant === key);
      if (isGone) {
        peer.close();
        peers.delete(key);
      }
    }
    drawConnection();
    arrangeFallback();
    show();
  }

  playSound.addEventListener("click", play);
  socket.on("welcome", ({ ice_servers: servers }) => {
    iceServers = servers;
    for (const peer of peers.values()) peer.start(); // what flows goes on; the rest calls again
  });
  socket.on("signal", ({ from, data }) => {
    const key = keyOf(from);
    const isKnown = key in presence || presence.observers.some(({ participant }) => participant === from);
    if (isLive && isKnown) peerTo(key).receive(data);
  });

  return {
    setPresence(changed) {
      presence = changed;
      follow();
    },
    setLive(live) {
      isLive = live;
      follow();
    },
    /** Where the candidate's page is; null while nobody has said so. */
    setStage(stage) {
      isCandidateIn = !stage || stage === "call";
      follow();
    },
    /** The sentence on an empty stage. */
    setWords(sentence) {
      if (callWords.textContent !== sentence) callWords.textContent = sentence;
    },
    prepare: () => own?.start(),
    end() {
      clearTimeout(fallbackTimer);
      fallback.stop();
      own?.stop();
      for (const peer of peers.values()) peer.close();
      peers.clear();
    },
  };
}
