/* The page of one answer: its numbers lead to their seconds in its player. */
import { openAskedNumber } from "./asked_number.js";
import { createPlayer } from "./player.js";
import { createStretch } from "./stretch.js";
import { createWalk } from "./walk.js";
import { bindWhy } from "./why.js";

const page = JSON.parse(document.getElementById("page-data")?.textContent ?? "");
const player = createPlayer(page.duration_s);
const stretch = createStretch({ player, onChange() {} });
const walk = createWalk({ player, stretch, url: page.urls.stretches });
for (const moment of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-play]"))) {
  const [startS, endS] = (moment.dataset.play ?? "").split(",").map(Number);
  moment.onclick = () => stretch.play(startS, endS);
}
bindWhy({ url: page.urls.explanations, walk, within: page.within.join(",") });
openAskedNumber();
