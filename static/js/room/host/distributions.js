/* The four distributions so far: bars or pies, with the numbers beside them; gaze as nine areas. */
import { percent } from "../../format.js";
import { fillOf } from "../../report/patterns.js";
import { onColoursChanged, token } from "../../tokens.js";
import { labelled, words, write } from "./page.js";

const VIEW_KEY = "candor.live.view";
const PATTERNS_KEY = "candor.patterns"; // one choice for report and room

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
      write(cell.querySelector("[data-share]"), percent(share));
    }
  };
}

function createPie(canvas, modality) {
  let chart = null;
  let shares = {};
  let withPatterns = false;

  function paint() {
    if (canvas.hidden) return;
    chart ??= new window.Chart(canvas, {
      type: "doughnut",
      data: { labels: [], datasets: [{ data: [], borderWidth: 1 }] },
      options: {
        animation: false,
        responsive: false,
        cutout: "52%",
        events: [], // the numbers stand beside it
        plugins: { legend: { display: false }, tooltip: { enabled: false } },
      },
    });
    const shown = Object.entries(shares).filter(([, share]) => share > 0);
    const rows = shown.length ? shown : [["", 1]];
    chart.data.labels = rows.map(([label]) => label);
    Object.assign(chart.data.datasets[0], {
      data: rows.map(([, share]) => share),
      backgroundColor: rows.map(([label]) => fillOf(chart.ctx, label ? labelled(modality, label).tone : "unmeasured", withPatterns)),
      borderColor: token("paper"),
    });
    chart.update("none");
  }

  onColoursChanged(paint);
  return {
    draw(changed) {
      shares = changed;
      paint();
    },
    show(on) {
      canvas.hidden = !on;
      paint();
    },
    setPatterns(on) {
      withPatterns = on;
      paint();
    },
  };
}

/** `onPatterns(on)` hears the choice, also the stored one. Returns `draw(distributions)`: by modality {shares, coverage}. */
export function createDistributions({ onPatterns }) {
  const cards = words.modalities.map(({ key }) => {
    const card = document.querySelector(`[data-modality="${key}"]`);
    return {
      key,
      coverage: card.querySelector("[data-coverage]"),
      numbers: key === "eye_gaze" ? createGrid(card) : createShares(card, key),
      pie: createPie(card.querySelector("[data-pie]"), key),
    };
  });
  const body = document.getElementById("readings-body");
  const views = [...body.querySelectorAll("[data-view]")];
  const patterns = body.querySelector("[data-patterns]");

  function setView(view) {
    localStorage.setItem(VIEW_KEY, view);
    body.dataset.view = view;
    for (const button of views) button.setAttribute("aria-pressed", String(button.dataset.view === view));
    for (const { pie } of cards) pie.show(view === "pies");
  }

  function setPatterns(on) {
    localStorage.setItem(PATTERNS_KEY, on ? "on" : "off");
    patterns.setAttribute("aria-pressed", String(on));
    document.body.classList.toggle("has-patterns", on);
    for (const { pie } of cards) pie.setPatterns(on);
    onPatterns(on);
  }

  for (const button of views) button.addEventListener("click", () => setView(button.dataset.view));
  patterns.addEventListener("click", () => setPatterns(patterns.getAttribute("aria-pressed") !== "true"));
  setView(localStorage.getItem(VIEW_KEY) === "pies" ? "pies" : "bars");
  setPatterns(localStorage.getItem(PATTERNS_KEY) === "on");

  return (distributions) => {
    for (const { key, coverage, numbers, pie } of cards) {
      const found = distributions[key];
      if (!found) continue;
      write(coverage, percent(found.coverage));
      numbers(found.shares);
      pie.draw(found.shares);
    }
  };
}
