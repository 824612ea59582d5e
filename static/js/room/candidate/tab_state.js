/* What this tab keeps over a reload: where the candidate was, and what was switched off. */

/**
 * The values of one room in this tab's session storage.
 * @param {string} roomId
 */
export function createTabState(roomId) {
  const key = `candor.room.${roomId}`;
  const values = { tab: crypto.randomUUID(), step: "", paused: false, camera: true, microphone: true };
  try {
    Object.assign(values, JSON.parse(sessionStorage.getItem(key) ?? "{}"));
  } catch {
    // storage is switched off: a reload then begins at the device check
  }
  return {
    values,
    /** @param {Partial<typeof values>} fields */
    set(fields) {
      Object.assign(values, fields);
      try {
        sessionStorage.setItem(key, JSON.stringify(values));
      } catch {
        // as above
      }
    },
  };
}
