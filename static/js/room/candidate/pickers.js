/* Which camera and which microphone. */

const NAMES = { camera: "Camera", microphone: "Microphone" };

/** Binds the pickers within `root`; returns the function that shows the present lists. */
export function createPickers(room, root) {
  const { devices } = room;
  const pickers = [...root.querySelectorAll("[data-picker]")];
  for (const picker of pickers) {
    picker.addEventListener("change", () => devices.choose(picker.dataset.picker, picker.value));
  }
  return function show() {
    for (const picker of pickers) {
      const kind = picker.dataset.picker;
      const chosen = devices.tracks[kind]?.getSettings().deviceId;
      const options = devices.lists[kind].map(({ deviceId, label }, at) => {
        return new Option(label || `${NAMES[kind]} ${at + 1}`, deviceId, false, deviceId === chosen);
      });
      const isShown = (option, at) => option.value === picker.options[at].value;
      const same = options.length === picker.options.length && options.every(isShown);
      if (!same) picker.replaceChildren(...(options.length ? options : [new Option(`No ${kind} found`, "")]));
      if (chosen && picker.value !== chosen) picker.value = chosen;
      picker.disabled = options.length === 0;
    }
  };
}
