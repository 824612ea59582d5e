/* What this tab remembers over a reload: where the candidate was, and what was switched off. */

export class Memory {
  constructor(room) {
    this.key = `candor.room.${room}`;
    this.values = { tab: crypto.randomUUID(), step: "", paused: false, camera: true, microphone: true };
    try {
      Object.assign(this.values, JSON.parse(sessionStorage.getItem(this.key)));
    } catch {
      // storage is switched off: a reload then begins at the device check
    }
  }

  set(fields) {
    Object.assign(this.values, fields);
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.values));
    } catch {
      // as above
    }
  }
}
