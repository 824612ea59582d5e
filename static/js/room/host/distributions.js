/* The four distributions so far: bars or pies, with the numbers beside them; gaze as nine areas. */
import { createDoughnut } from "../../shared/doughnut.js";
import { percent } from "../../shared/format.js";
import { bindPatternSwitch } from "../../shared/pattern_switch.js";
import { write } from "../../shared/text.js";
import { labelled, words } from "./page.js";

const VIEW_KEY = "candor.live.view";

function rowOf(modality, label) {
  const { name, tone } = labelled(modality, label);
  const row = document.createElement("tr");
  const head = document.createElement("th");
  const share = document.createElement("td");
  const bar = document.createElement("span");
  head.scope = "row";
  head.textContent = name;
  bar.className = `bar tone-${tone}`;
  share.className = "num";
  const cell = document.createElement("td");
  cell.className = "bar-cell";
  cell.setAttribute("aria-hidden", "true");
  cell.append(bar);
  row.append(head, cell, share);
  return { row, bar, share };
}

function createShares(card, modality) {
  const body = card.querySelector("[data-shares]");
  const rows = new Map();
  return (shares) => {
    for (const [label, share] of Object.entries(shares)) {
      if (!rows.has(label)) {
        rows.set(label, rowOf(modality, label));
        body.append(rows.get(label).row);
      }
      const { row, bar, share: cell } = rows.get(label);
      bar.style.setProperty("--share", `${share * 100}%`);
      row.classList.toggle("none", share === 0);
      write(cell, percent(share));
    }
    card.querySelector("[data-empty]").hidden = rows.size > 0;
  };
}

function createGrid(card) {
  const cells = new Map([...card.querySelectorAll("[data-area]")].map((cell) => [cell.dataset.area, cell]));
  return (shares) => {
    for (const [area, cell] of cells) {
      const share = shares[area] || 0;
      cell.classList.toggle("none", share === 0);
      cell.querySelector("[data-fill]").setAttribute("height", `${share * 100}%`);
      write(cell.querySelector("[data-share]"), percent(share));
    }
  };
}

/**
 * The cards' distributions; returns `draw(distributions)`: by modality {shares, coverage}.
 * @param {{onPatterns: (on: boolean) => void}} options hears the choice, also the stored one
 */
export function createDistributions({ onPatterns }) {
  const cards = words.modalities.map(({ key }) => {
    const card = document.querySelector(`[data-modality="${key}"]`);
    return {
      key,
      coverage: card.querySelector("[data-coverage]"),
      numbers: key === "eye_gaze" ? createGrid(card) : createShares(card, key),
      pie: createDoughnut(card.querySelector("[data-pie]")),
    };
  });
  const body = document.getElementById("readings-body");
  const views = [...body.querySelectorAll("[data-view]")];

  function setView(view) {
    localStorage.setItem(VIEW_KEY, view);
    body.dataset.view = view;
    for (const button of views) button.setAttribute("aria-pressed", String(button.dataset.view === view));
    for (const { pie } of cards) pie.show(view === "pies");
  }

  for (const button of views) button.addEventListener("click", () => setView(button.dataset.view));
  setView(localStorage.getItem(VIEW_KEY) === "pies" ? "pies" : "bars");
  bindPatternSwitch(body.querySelector("[data-patterns]"), (on) => {
    for (const { pie } of cards) pie.setPatterns(on);
    onPatterns(on);
  });

  return (distributions) => {
    for (const { key, coverage, numbers, pie } of cards) {
      const found = distributions[key];
      if (!found) continue;
      write(coverage, percent(found.coverage));
      numbers(found.shares);
      pie.draw(Object.entries(found.shares).map(([label, share]) => ({ ...labelled(key, label), share })));
    }
  };
}
