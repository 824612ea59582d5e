/* The candidate's page: one section at a time, from the choice to the goodbye. */
import { announce } from "../../shared/text.js";
import { createAfter } from "./after.js";
import { createAgree } from "./agree.js";
import { createCalibrate } from "./calibrate.js";
import { createCall } from "./call.js";
import { createCheck } from "./check.js";
import { createRoom } from "./room.js";
import { firstStep } from "./rules.js";
import { createStopped } from "./stopped.js";
import { createWait } from "./wait.js";

const SHOWN_AFTER_MS = 2500; // a connection that comes back at once is not worth a word
const LOST = "The connection to the server is lost. This page connects again by itself.";
const page = document.getElementById("candidate");
const room = createRoom(JSON.parse(document.getElementById("room-config").textContent));
const section = (name) => page.querySelector(`[data-step="${name}"]`);
const create = {
  agree: createAgree,
  check: createCheck,
  calibrate: createCalibrate,
  wait: createWait,
  call: createCall,
  after: createAfter,
  stopped: createStopped,
};
const steps = {};
let shown = "";

/** Shows one step. `focus` false where the page has just been loaded: the reader begins at the top then. */
function go(name, { focus = true } = {}) {
  if (name === shown) return;
  steps[shown]?.leave?.();
  if (shown) section(shown).hidden = true;
  shown = name;
  page.classList.toggle("in-call", name === "call");
  section(name).hidden = false;
  for (const mark of page.querySelectorAll("[data-step-mark]")) {
    if (mark.dataset.stepMark === name) mark.setAttribute("aria-current", "step");
    else mark.removeAttribute("aria-current");
  }
  page.querySelector("[data-steps]").hidden = ["after", "stopped"].includes(name);
  room.enter(name);
  steps[name].enter?.();
  const title = section(name).querySelector("h2");
  document.title = `${title.textContent} · Candor`;
  scrollTo(0, 0);
  if (focus) title.focus({ preventScroll: true });
}

/* ---- the connection ---- */

let late = 0;

function showConnection() {
  const notice = page.querySelector("[data-connection]");
  const lost = room.connection.state === "waiting";
  if (room.connection.state === "open" || room.connection.state === "closed") {
    clearTimeout(late);
    late = 0;
    if (!notice.hidden && room.connection.state === "open") announce("Connected again.");
    notice.hidden = true;
  } else if (lost && !late) {
    late = setTimeout(() => {
      const kept = room.recording.recording ? " The recording goes on and is kept on this device meanwhile." : "";
      notice.firstElementChild.textContent = `${LOST}${kept}`;
      notice.hidden = false;
      announce(notice.textContent);
    }, SHOWN_AFTER_MS);
  }
}

/* ---- where to begin ---- */

async function begin() {
  const loading = page.querySelector("[data-loading]");
  try {
    await room.prepare();
  } catch (problem) {
    loading.textContent = problem.message;
    if (problem.isPassing) setTimeout(begin, SHOWN_AFTER_MS);
    return;
  }
  loading.hidden = true;
  for (const [name, make] of Object.entries(create)) steps[name] = make({ room, section: section(name), go });
  room.on("change", () => {
    showConnection();
    steps[shown]?.update?.();
  });
  room.on("ended", ({ sentence }) => {
    steps.after.explain("The interview has ended", sentence || "Thank you for taking part.");
    go("after");
  });
  room.on("stopped", (state) => {
    steps.stopped.explain(state);
    go("stopped");
  });
  const { status, agreements } = room;
  const first = firstStep({ step: room.tab.values.step, status, agreements });
  if (["calibrate", "wait", "call"].includes(first)) await room.devices.open();
  go(first, { focus: false });
}

addEventListener("beforeunload", (event) => {
  if (shown === "call") event.preventDefault();
});
begin();
