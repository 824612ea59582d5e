/* The call: own camera and microphone, one connection to each other person, and what is shown when there is none. */
import { announce, say, write } from "../../shared/text.js";
import { NOBODY, createPeers } from "../peers.js";
import { createFallback } from "./fallback.js";
import { createOwnMedia } from "./own_media.js";
import { connectedWords } from "./connected.js";
import { config, isHost } from "./page.js";

const FALLBACK_AFTER_MS = 6_000; // a working connection is there within two seconds
const NO_CONNECTION =
  "No direct connection: you see the pictures that are sent for analysis, a few a second and without sound. " +
  "The recording is not affected.";
const CONNECTION_WORDS = {
  idle: ["none", "Not connected"],
  connecting: ["slow", "Connecting picture and sound…"],
  interrupted: ["slow", "Connection interrupted, reconnecting…"],
  failed: ["bad", "No direct connection; still trying"],
};

/**
 * The call follows presence and status that it is told.
 * @param {{socket: import("../socket.js").RoomSocket}} options
 */
export function createCall({ socket }) {
  const stage = document.getElementById("call-stage");
  const video = document.getElementById("candidate-video");
  const image = document.getElementById("candidate-frame");
  const callWords = document.getElementById("call-words");
  const connection = document.getElementById("call-connection");
  const note = document.getElementById("call-note");
  const playSound = document.getElementById("play-sound");
  const fallback = createFallback({ image, socket, onPicture: show });
  const peers = createPeers({
    socket,
    iceServers: config.ice_servers,
    roles: ["candidate", "host"],
    isCaller: (key) => key === "candidate" || !isHost, // towards the host the observer calls
    onPeer(key, peer) {
      if (key === "candidate") followCandidate(peer);
      else if (!isHost) showHost(peer);
    },
  });
  const own = isHost ? createOwnMedia({ onTrack: peers.setTrack }) : null;
  let presence = NOBODY;
  let isLive = false;
  /** @type {{camera: boolean, microphone: boolean} | null} null while the candidate's page has not said */
  let media = null;
  let isCandidateIn = true; // false while their page says that it is before the call
  let fallbackTimer = 0;
  const removed = new Set(); // participants who may no longer take part

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
  const isWanted = (key) => Boolean(presence[key]) && !removed.has(presence[key].participant);
  const isExpected = () => isLive && isCandidateIn && isWanted("candidate");

  function arrangeFallback() {
    clearTimeout(fallbackTimer);
    if (!isExpected() || stateOf() === "connected") return fallback.stop();
    if (stateOf() === "failed") return fallback.start();
    fallbackTimer = setTimeout(() => fallback.start(), FALLBACK_AFTER_MS);
  }

  function noConnectionWords() {
    if (!isLive) return "The call has not started";
    return presence.candidate ? "Candidate not in the call yet" : "Candidate not connected";
  }

  function drawConnection() {
    const words = stateOf() === "connected" ? connectedWords(media) : CONNECTION_WORDS[stateOf()];
    const [level, sentence] = isExpected() ? words : ["none", noConnectionWords()];
    connection.dataset.level = level;
    connection.querySelector("[data-words]").textContent = sentence;
  }

  function pictureNow() {
    if (media?.camera === false) return "none"; // what arrives is black
    if (stateOf() === "connected" && isExpected()) return "video";
    return fallback.hasPicture ? "frames" : "none";
  }

  /* Which picture of the candidate stands on the stage, and what is said where there is none. */
  function show() {
    const picture = pictureNow();
    if (picture === "frames" && stage.dataset.picture !== "frames") {
      announce("No direct connection. You see the candidate picture by picture, without sound.");
    }
    stage.dataset.picture = picture;
    image.hidden = picture !== "frames";
    say(note, picture === "frames" ? NO_CONNECTION : "");
  }

  function follow() {
    if (isLive) {
      const wanted = ["candidate", ...(isHost ? [] : ["host"])].filter(isWanted);
      for (const key of wanted) if (!peers.get(key)) peers.to(key).start();
    }
    drawConnection();
    arrangeFallback();
    show();
  }

  playSound.addEventListener("click", play);
  socket.on("welcome", ({ ice_servers: servers }) => {
    peers.setServers(servers);
    peers.restart();
  });
  socket.on("signal", ({ from, data }) => {
    if (isLive && !removed.has(from) && peers.isHere(peers.keyOf(from))) peers.receive(from, data);
  });
  // Picture and sound go from browser to browser: the server closes the socket, and this page the call.
  socket.on("candidate_removed", () => {
    if (presence.candidate) removed.add(presence.candidate.participant);
    peers.drop("candidate");
    follow();
  });

  return {
    setPresence(changed) {
      presence = changed;
      peers.setPresence(changed);
      follow();
    },
    setLive(live) {
      isLive = live;
      follow();
    },
    /** Where the candidate's page is; null while nobody has said so. */
    setStage(name) {
      isCandidateIn = !name || name === "call";
      follow();
    },
    /** What the candidate's page sends: camera and microphone, on or off. */
    setMedia(changed) {
      media = changed;
      drawConnection();
      show();
    },
    /** The sentence on an empty stage. */
    setWords: (sentence) => write(callWords, sentence),
    prepare: () => own?.start(),
    end() {
      clearTimeout(fallbackTimer);
      fallback.stop();
      own?.stop();
      peers.close();
    },
  };
}
