/* Before the interview: how far the candidate is, the invitation, and the button that lets them in. */
import { api } from "../../shared/api.js";
import { confirmWith } from "../../shared/dialogs.js";
import { announce, say, write } from "../../shared/text.js";
import { agreementsSentence } from "./agreements.js";
import { bindCopy } from "./clipboard.js";
import { issuedSentence, standingSentence } from "./invitation.js";
import { config, isHost } from "./page.js";

const STAGES = {
  check: "In the device check",
  calibration: "Calibrating the gaze",
  waiting: "Ready, waiting to be let in",
  call: "In the call",
};

/** `onRoom(room)` hears the room as the server answered. Returns setters for what the socket tells. */
export function createLobby({ onRoom }) {
  const steps = document.getElementById("candidate-steps");
  const error = document.getElementById("open-error");
  const openButton = document.getElementById("open-room");
  const name = config.candidate_name;
  let wasHere = false;
  let onArrival = async () => {};

  function step(key, state, sentence) {
    const line = steps.querySelector(`[data-step="${key}"]`);
    line.dataset.state = state;
    write(line.querySelector("[data-words]"), sentence);
  }

  function setCandidate(isHere, candidate) {
    if (isHere && !wasHere) onArrival(); // whether the link was opened is to be read again
    wasHere = isHere;
    const agreements = candidate?.agreements || {};
    const hasAnswered = agreements.recording !== null && agreements.recording !== undefined;
    const stage = isHere ? candidate?.stage : null;
    const isReady = stage === "waiting" || stage === "call";
    step("here", isHere ? "done" : "open", isHere ? "In the room" : "Not in the room");
    step("agreements", hasAnswered ? "done" : "open", agreementsSentence(agreements));
    step("ready", isReady ? "done" : stage ? "now" : "open", STAGES[stage] || "Device check not finished");
    if (!isHost) return;
    openButton.classList.toggle("btn-primary", isReady);
    openButton.classList.toggle("btn-outline-secondary", !isReady);
    const early = `You can open the room before ${name} is ready; the call then starts when they are.`;
    write(document.getElementById("open-hint"), isReady ? `${name} is ready.` : early);
  }

  if (isHost) bindHost();

  function bindHost() {
    const panel = document.getElementById("invitation");
    const find = (hook) => panel.querySelector(`[data-invitation-${hook}]`);
    const field = document.getElementById("invitation-url");
    let hasStanding = false;

    bindCopy(find("copy"), field);
    openButton.addEventListener("click", async () => {
      openButton.disabled = true;
      say(error, "");
      try {
        onRoom(await api("POST", config.api.open));
      } catch (problem) {
        say(error, problem.message);
      } finally {
        openButton.disabled = false;
      }
    });

    function draw(invitation) {
      hasStanding = Boolean(invitation?.stands);
      find("revoke").hidden = !hasStanding;
      write(find("new"), hasStanding ? "Create a new link" : "Create a link");
      if (!field.value) write(find("state"), standingSentence(invitation));
    }
    onArrival = async () => {
      try {
        draw((await api("GET", config.api.room)).invitation);
      } catch (problem) {
        say(find("error"), problem.message);
      }
    };
    onArrival();

    async function renew() {
      say(find("error"), "");
      find("new").disabled = true;
      try {
        const issued = await api("POST", config.api.invitation);
        field.value = issued.url;
        find("link").hidden = false;
        write(find("state"), `${issuedSentence(issued)} Earlier links no longer work.`);
        draw({ ...issued, stands: true });
        announce("A new link was created.");
        find("copy").focus();
      } catch (problem) {
        say(find("error"), problem.message);
      } finally {
        find("new").disabled = false;
      }
    }
    find("new").addEventListener("click", renew);
    find("revoke").addEventListener("click", () =>
      confirmWith(document.getElementById("revoke-dialog"), async () => {
        await api("DELETE", config.api.invitation);
        field.value = "";
        find("link").hidden = true;
        draw(null);
        announce("The link was withdrawn.");
      }),
    );
  }

  return { setCandidate };
}
