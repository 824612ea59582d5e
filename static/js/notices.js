/* What happened meanwhile: the counter beside "Notices", a line on the page, and the title, without a reload. */
import { api } from "./shared/api.js";
import { poll } from "./shared/polling.js";

const EVERY_MS = 20000;
const link = document.querySelector("[data-notices]");

if (link) {
  const badge = link.querySelector("[data-notices-count]");
  const line = document.getElementById("notice-line");
  const title = document.title;
  let known = Infinity; // what was there before this page is no news

  poll({
    ask: () => api("GET", link.dataset.notices),
    take({ unread, sentence }) {
      badge.textContent = String(unread);
      badge.hidden = unread === 0;
      document.title = unread ? `(${unread}) ${title}` : title;
      if (unread > known) line.textContent = sentence;
      known = unread;
      return true;
    },
    onProblem() {}, // logged out, or the server is gone: the page itself says so where it matters
    everyMs: EVERY_MS,
  });
}
