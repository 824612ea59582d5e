/* Step 6: the goodbye; what is not yet on the server goes there. */

export function createAfter({ room, section }) {
  const find = (name) => section.querySelector(`[data-${name}]`);
  const said = { title: "", words: "" };
  let most = 0;

  function update() {
    find("after-title").textContent = said.title || (room.isRunning ? "You have left the interview" : "The interview has ended");
    find("after-words").textContent = said.words || (room.isRunning
      ? "Camera and microphone are off. You can come back until the interviewer ends the interview."
      : room.endReason || "Thank you for taking part.");
    find("come-back").hidden = !room.isRunning;
    const { left, complete, sentence } = room.upload;
    const isSending = left > 0 || !complete;
    most = Math.max(most, left);
    find("after-upload").hidden = !isSending;
    find("after-meter").max = Math.max(1, most);
    find("after-meter").value = most - left;
    find("after-left").textContent = `${left} ${left === 1 ? "piece" : "pieces"} left. Keep this page open until they have arrived; should it close, open your invitation again on this device and they go on.`;
    find("after-problem").textContent = sentence;
    find("after-problem").hidden = !sentence;
    find("after-done").hidden = isSending;
    find("after-done").textContent = room.agreements.recording
      ? "Everything that was recorded has arrived. You can close this page."
      : "Nothing was recorded. You can close this page.";
  }

  find("come-back").addEventListener("click", () => {
    room.memory.set({ step: "check" });
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
