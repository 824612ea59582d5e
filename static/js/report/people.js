/* Whose face was read, and the choice of another person: a new analysis of the stored recording. */
import { api } from "../shared/api.js";
import { confirmWith } from "../shared/dialogs.js";

/** `people` are the report's; `url` starts an analysis; `onStarted()` is called when it did. */
export function bindPeople({ people, url, onStarted }) {
  for (const button of document.querySelectorAll("[data-read-person]")) {
    const person = people.find(({ number }) => number === Number(button.dataset.readPerson));
    button.hidden = !person;
    button.onclick = () =>
      confirmWith(document.getElementById("person-dialog"), async () => {
        await api("POST", url, { person: { second: person.at_s, box: person.box } });
        await onStarted();
      });
  }
}
