/* Four pies and the bar chart of the metrics (Chart.js). The tables beside them carry the same numbers. */
import { createDoughnut } from "../shared/doughnut.js";
import { fraction } from "../shared/format.js";
import { hatch } from "../shared/patterns.js";
import { onColoursChanged, token } from "../shared/tokens.js";

/** One pie per measured modality, in its own canvas. */
export function createPies(modalities) {
  return modalities
    .filter((modality) => modality.available)
    .map(({ key, rows }) => {
      const canvas = document.querySelector(`[data-modality="${key}"] [data-pie]`);
      const pie = createDoughnut(canvas, { hasTooltips: true });
      pie.draw(rows);
      return pie;
    });
}

/** Writes each value at the end of its bar, and says where there is none. */
const valueLabels = {
  id: "valueLabels",
  afterDatasetsDraw(chart) {
    const { ctx: context, chartArea } = chart;
    const metrics = chart.config.options.plugins.valueLabels.metrics();
    context.save();
    context.textBaseline = "middle";
    context.font = `600 14px ${getComputedStyle(document.body).fontFamily}`;
    chart.getDatasetMeta(0).data.forEach((bar, index) => {
      const { value, reason } = metrics[index];
      // "not enough data: ...": the rest is in the table.
      const text = value === null ? reason.split(":")[0] : fraction(value);
      const width = context.measureText(text).width;
      let left = value === null ? chartArea.left + 8 : bar.x + 8;
      if (left + width > chartArea.right) left = bar.x - width - 8;
      const inside = value !== null && left < bar.x;
      if (value === null) {
        context.fillStyle = token("paper");
        context.fillRect(left - 4, bar.y - 9, width + 8, 18);
      }
      context.fillStyle = inside ? token("accent-ink") : token("ink");
      context.fillText(text, left, bar.y);
    });
    context.restore();
  },
};

/**
 * The bar chart; `update(metrics)` draws new values in place. A metric without a value is a hatched bar, never zero.
 */
export function createBars(initial) {
  window.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  let metrics = initial;
  const canvas = document.getElementById("bars");
  canvas.parentElement.hidden = false;
  const chart = new window.Chart(canvas, {
    type: "bar",
    plugins: [valueLabels],
    data: { labels: [], datasets: [{ data: [], barThickness: 22, borderRadius: 3 }] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      indexAxis: "y",
      scales: {
        x: {
          min: 0,
          max: 1,
          ticks: { stepSize: 0.25, callback: (value) => value.toFixed(2) },
          border: { display: false },
        },
        y: { grid: { display: false }, border: { display: false } },
      },
      plugins: {
        legend: { display: false },
        tooltip: { callbacks: { label: (item) => spoken(metrics[item.dataIndex]) } },
        valueLabels: { metrics: () => metrics },
      },
    },
  });

  const spoken = ({ value, reason }) => (value === null ? reason : fraction(value));

  function paint() {
    const isNarrow = document.getElementById("findings").clientWidth < 480; // the canvas itself may be in a hidden tab
    const { scales } = chart.options;
    scales.x.grid = { color: token("line") };
    scales.x.ticks.color = token("ink-3");
    scales.y.ticks = { color: token("ink"), font: { size: isNarrow ? 12 : 13 }, autoSkip: false };
    chart.data.labels = metrics.map((metric) => (isNarrow ? metric.name.split(" ") : metric.name));
    const [dataset] = chart.data.datasets;
    dataset.data = metrics.map((metric) => (metric.value === null ? 1 : metric.value));
    dataset.backgroundColor = metrics.map((metric) => (metric.value === null ? hatch(chart.ctx) : token("accent")));
    chart.update("none");
  }

  paint();
  onColoursChanged(paint);
  return {
    update(changed) {
      metrics = changed;
      paint();
    },
  };
}
