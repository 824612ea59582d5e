/* The numbers of each answer, below the question marks: written by the server, fetched when the tab is first open. */

const AFTER_CHANGE_MS = 500; // several marks are often moved in one go

/**
 * `url` is the page of all answers. Returns `{refresh()}`: what stands there is older than a question mark.
 * @param {string} url
 */
export function createAnswers(url) {
  const slot = document.getElementById("answers-slot");
  let isFresh = false;
  let waiting = 0;

  async function load() {
    isFresh = true;
    try {
      const response = await fetch(url, { credentials: "same-origin" });
      if (!response.ok) throw new Error();
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      slot.replaceChildren(document.adoptNode(page.getElementById("answers")));
    } catch {
      isFresh = false;
      slot.textContent = "The numbers of each answer could not be fetched. Open them as a page.";
    }
  }

  new IntersectionObserver((entries) => {
    if (!isFresh && entries.some(({ isIntersecting }) => isIntersecting)) load();
  }).observe(slot);

  return {
    refresh() {
      isFresh = false;
      clearTimeout(waiting);
      waiting = setTimeout(() => slot.offsetParent && load(), AFTER_CHANGE_MS);
    },
  };
}
