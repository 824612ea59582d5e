/* The live panel: what is read now, how old it is, what was read so far, and why something is not read. */
import { api } from "../../shared/api.js";
import { fraction, percent } from "../../shared/format.js";
import { announce, capitalised, say, write } from "../../shared/text.js";
import { createDistributions } from "./distributions.js";
import { LatestReadings } from "./freshness.js";
import { createLiveLanes } from "./lanes.js";
import { alertWith, config, isHost, labelled, roomTime, words } from "./page.js";
import { PeopleInView } from "./people_in_view.js";

const TICK_MS = 250;
const NOTHING_FRESH = "no fresh reading";
const NOT_STARTED = "The analysis starts when the candidate is in the call and has agreed to it.";

/** `clock` is the socket's ServerClock; `limits.shown_age_ms` the age above which nothing is shown. */
export function createReadings({ clock, limits }) {
  const panel = document.getElementById("readings");
  const body = document.getElementById("readings-body");
  const age = document.getElementById("readings-age");
  const notice = document.getElementById("analysis-notice");
  const blindSwitch = document.getElementById("blind");
  const latest = new LatestReadings(limits.shown_age_ms);
  const lanes = createLiveLanes();
  const people = new PeopleInView();
  const drawDistributions = createDistributions({ onPatterns: lanes.setPatterns });
  const models = {}; // version by modality, as readings have named them
  /** @type {{state: string, sentence: string} | null} */
  let analysis = null;
  let isBlind = false;
  let timer = 0;

  const cards = words.modalities.map(({ key }) => {
    const card = panel.querySelector(`[data-modality="${key}"]`);
    return {
      key,
      now: card.querySelector("[data-now]"),
      swatch: card.querySelector("[data-now-swatch]"),
      words: card.querySelector("[data-now-words]"),
      areas: [...card.querySelectorAll("[data-area]")],
    };
  });

  function drawNow({ key, now, swatch, words: line, areas }, nowMs) {
    const read = latest.fresh(key, nowMs);
    const isRead = Boolean(read?.available && read.label);
    const { name, tone } = isRead ? labelled(key, read.label) : { name: "", tone: "unmeasured" };
    now.dataset.fresh = isRead ? "yes" : "no";
    if (swatch.dataset.tone !== tone) {
      swatch.dataset.tone = tone;
      swatch.className = `swatch tone-${tone}`;
    }
    // An unknown look has no probability.
    const confidence = isRead && read.confidence ? ` ${percent(read.confidence)}` : "";
    const reservation = isRead && read.reason ? `. ${read.reason}` : "";
    write(line, isRead ? `now: ${name}${confidence}${reservation}` : read?.reason || NOTHING_FRESH);
    for (const area of areas) area.classList.toggle("is-now", isRead && area.dataset.area === read.label);
  }

  function drawAge(nowMs) {
    const ageMs = latest.ageMs(nowMs);
    age.dataset.level = ageMs === null ? "none" : ageMs < 500 ? "good" : "slow";
    write(age.querySelector("[data-words]"), ageMs === null ? NOTHING_FRESH : `${Math.round(ageMs / 10) * 10} ms old`);
  }

  function tick() {
    const nowMs = clock.now();
    for (const card of cards) drawNow(card, nowMs);
    drawAge(nowMs);
    lanes.tick(nowMs);
  }

  function drawAnalysis() {
    const isOn = analysis?.state === "on";
    write(notice.firstElementChild, isOn ? "" : analysis?.sentence || NOT_STARTED);
    notice.hidden = isOn;
    panel.dataset.analysis = analysis?.state || "none";
  }

  function drawBlind() {
    const isHidden = isHost && isBlind;
    document.getElementById("blind-words").hidden = !isHidden;
    body.hidden = isHidden;
    age.hidden = isHidden;
    if (blindSwitch) blindSwitch.checked = isBlind;
    if (isHidden) latest.clear();
  }

  blindSwitch?.addEventListener("change", async () => {
    blindSwitch.disabled = true;
    try {
      const room = await api("PATCH", config.api.room, { blind: blindSwitch.checked });
      isBlind = room.blind;
      announce(isBlind ? "Live readings are hidden. The analysis goes on." : "Live readings are shown.");
    } catch (problem) {
      alertWith(problem.message, "error");
    } finally {
      blindSwitch.disabled = false;
      drawBlind();
      blindSwitch.focus();
    }
  });

  return {
    take(reading) {
      if (isHost && isBlind) return;
      latest.take(reading);
      lanes.take(reading);
      const beside = document.getElementById("people-in-view");
      const wasSaid = !beside.hidden;
      const sentence = people.take(reading.faces, reading.captured_ms);
      say(beside, sentence);
      if (sentence && !wasSaid) announce(sentence);
      Object.assign(models, reading.models);
      const named = words.modalities.filter(({ key }) => models[key]);
      const versions = named.map(({ key, name }) => `${name} ${models[key]}`);
      if (versions.length) write(document.getElementById("models"), versions.join(" · "));
    },
    setMetrics({ at_s: atS, values, distributions }) {
      drawDistributions(distributions);
      write(document.getElementById("metrics-at"), `at ${roomTime(atS)}`);
      for (const [key, { value, reason, coverage }] of Object.entries(values)) {
        const row = panel.querySelector(`[data-metric="${key}"]`);
        if (!row) continue;
        write(row.querySelector("[data-metric-value]"), fraction(value));
        write(row.querySelector("[data-metric-coverage]"), percent(coverage));
        say(row.querySelector("[data-metric-reason]"), capitalised(reason));
      }
    },
    setAnalysis(changed) {
      const isNews = changed && changed.state !== analysis?.state && (analysis || changed.state !== "on");
      analysis = changed;
      drawAnalysis();
      if (isNews) announce(changed.state === "on" ? "The analysis is on." : changed.sentence);
    },
    setBlind(on) {
      isBlind = on;
      drawBlind();
    },
    setCalibration({ calibrated, error_degrees: degrees }) {
      const whole = Math.max(1, Math.round(degrees));
      const about = degrees === null || degrees === undefined ? "" : `, about ${whole} degree${whole === 1 ? "" : "s"}`;
      write(document.getElementById("calibration"), calibrated ? `calibrated${about}` : "not calibrated");
    },
    /** Painting costs time that nobody sees outside a running interview. */
    run(on) {
      clearInterval(timer);
      if (on) {
        timer = setInterval(tick, TICK_MS);
        tick();
      }
    },
  };
}
