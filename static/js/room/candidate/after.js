/* Step 6: the goodbye; what is not yet on the server goes there. */
import { say } from "../../shared/text.js";

const THANKS = "Thank you for taking part.";
const LEFT = {
  title: "You have left the interview",
  words: "Camera and microphone are off. You can come back until the interviewer ends the interview.",
};
const KEEP_OPEN =
  "Keep this page open until they have arrived; " +
  "should it close, open your invitation again on this device and they go on.";

export function createAfter({ room, section }) {
  const find = (name) => section.querySelector(`[data-${name}]`);
  const said = { title: "", words: "" };
  let most = 0;

  function update() {
    find("after-title").textContent = said.title || (room.isRunning ? LEFT.title : "The interview has ended");
    find("after-words").textContent = said.words || (room.isRunning ? LEFT.words : room.endReason || THANKS);
    find("come-back").hidden = !room.isRunning;
    const { left, complete, sentence } = room.upload;
    const isSending = left > 0 || !complete;
    most = Math.max(most, left);
    find("after-upload").hidden = !isSending;
    find("after-meter").max = Math.max(1, most);
    find("after-meter").value = most - left;
    find("after-left").textContent = `${left} ${left === 1 ? "piece" : "pieces"} left. ${KEEP_OPEN}`;
    say(find("after-problem"), sentence);
    find("after-done").hidden = isSending;
    say(find("after-held"), room.isHeld ? room.statements.hold : "");
    find("after-done").textContent = room.agreements.recording
      ? "Everything that was recorded has arrived. You can close this page."
      : "Nothing of you is being recorded. You can close this page.";
  }

  find("come-back").addEventListener("click", () => {
    room.tab.set({ step: "check" });
    location.reload();
  });

  return {
    /** Why it is over, in place of the usual words. */
    explain(title, words) {
      Object.assign(said, { title, words });
      update();
    },
    enter: update,
    update,
  };
}
