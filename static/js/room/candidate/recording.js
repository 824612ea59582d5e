/* The candidate's recording: recorder, chunk store and uploader, kept where the rules want them. */
import { ChunkStore } from "../media/chunk_store.js";
import { Recorder } from "../media/recorder.js";
import { Uploader } from "../media/uploader.js";
import { isRecordingWanted } from "./rules.js";

const NO_STORE =
  "This browser keeps nothing for this page, so the interview cannot be recorded here. " +
  "Leave private browsing or use another browser.";

/**
 * @param {object} options
 * @param {ReturnType<typeof import("./state.js").createState>} options.room
 * @param {import("../media/devices.js").Devices} options.devices
 * @param {() => void} options.onChange hears that it runs or stopped
 */
export function createRecording({ room, devices, onChange }) {
  /** @type {{recorder: Recorder, uploader: Uploader} | null} */
  let made = null;

  function recorderChanged(recording) {
    if (!recording.recording) made?.uploader.nudge();
    room.changed({ recording });
    onChange();
  }

  /** The server will take nothing more: recording on would only fill this device. */
  async function refuse(sentence) {
    room.isRefused = true;
    await made?.recorder.setOn(false);
    room.changed({ recording: { recording: false, sentence } });
  }

  function follow() {
    made?.recorder.follow([devices.tracks.camera, devices.tracks.microphone]);
  }

  return {
    /** Opens the store, and begins to send what an earlier page left behind. */
    async prepare() {
      let store;
      try {
        store = await ChunkStore.open(room.config.room_id);
      } catch {
        room.recording.sentence = NO_STORE;
        return;
      }
      const uploader = new Uploader({
        store,
        takesUrl: room.config.api.takes,
        onProgress: (upload) => room.changed({ upload }),
        onRefused: refuse,
      });
      const recorder = new Recorder({ store, onState: recorderChanged, onChunk: () => uploader.added() });
      made = { recorder, uploader };
      uploader.run();
    },
    /** Records the present tracks. */
    follow,
    /** Records, or does not, as the rules have it now. */
    apply() {
      follow();
      made?.recorder.setOn(isRecordingWanted(room));
    },
    /** Erases what is still in this browser. */
    async forget() {
      if (!made) return;
      await made.recorder.setOn(false);
      for (const take of await made.recorder.store.takes()) await made.recorder.store.remove(take.id);
      made.uploader.nudge();
    },
    get isRunning() {
      return Boolean(made?.recorder.isRecording);
    },
    serverIsBack: () => made?.uploader.serverIsBack(),
    stopWhenSent: () => made?.uploader.stopWhenSent(),
  };
}
