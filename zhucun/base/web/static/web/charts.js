// Draws every <figure data-chart> from its json_script with ECharts (SVG, so that paper is sharp too).

const INK = "#1f2937";
const FAINT = "#d5dae1";
// told apart by colour-blind eyes and on grey paper: dark red, slate blue, ochre, teal, grey, plum, sky, brown
const PALETTE = ["#9b1c1f", "#2f5d8a", "#d99a2b", "#2a8577", "#7b8794", "#7d4a80", "#7fb3d8", "#8a5a3b"];
const PAIR = ["#9b1c1f", "#b9c3d0"];
const FONT = getComputedStyle(document.body).fontFamily;
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

let loading = null;
function echarts(src) {
  loading ||= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = src;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  });
  return loading;
}

const label = (show, extra = {}) => ({ show, color: INK, fontSize: 13, fontFamily: FONT, ...extra });

function donut(data, narrow) {
  const items = data.labels.map((name, at) => ({ name, value: data.series[0].values[at] || 0 }));
  const total = items.reduce((sum, item) => sum + item.value, 0) || 1;
  const share = (value) => `${value} ${data.unit}（${Math.round((value / total) * 1000) / 10}%）`;
  const values = Object.fromEntries(items.map((item) => [item.name, item.value]));
  return {
    legend: narrow ? { bottom: 0, left: "center", orient: "vertical", icon: "circle", itemGap: 6, selectedMode: false, textStyle: { fontSize: 13, fontFamily: FONT, color: INK }, formatter: (name) => `${name}　${share(values[name])}` } : undefined,
    series: [{
      type: "pie", radius: narrow ? ["26%", "48%"] : ["42%", "66%"], center: narrow ? ["50%", "29%"] : ["50%", "50%"], data: items, minAngle: 4, startAngle: 60,
      itemStyle: { borderColor: "#fff", borderWidth: 2 },
      label: label(!narrow, { formatter: (p) => `${p.name}\n${share(p.value)}`, lineHeight: 19, bleedMargin: 2 }),
      labelLine: { show: !narrow, length: 12, length2: 8 },
    }],
  };
}

function axes(data, narrow) {
  const names = {
    type: "category", data: data.labels, inverse: data.horizontal, axisTick: { show: false }, axisLine: { lineStyle: { color: FAINT } },
    axisLabel: { fontSize: 13, fontFamily: FONT, color: INK, interval: 0, hideOverlap: false, ...turned(data, narrow) },
  };
  const numbers = {
    type: "value", minInterval: 1, splitLine: { lineStyle: { color: "#e8ebf0" } },
    axisLabel: { fontSize: 12, fontFamily: FONT, color: "#56616f" },
  };
  return data.horizontal ? { yAxis: names, xAxis: numbers } : { xAxis: names, yAxis: numbers };
}

const pixels = (text) => [...text].reduce((sum, char) => sum + (char > "\u2e7f" ? 14 : 8), 0);

function turned(data, narrow) {
  if (data.horizontal) return { width: narrow ? 90 : 130, overflow: "truncate" };
  const long = Math.max(...data.labels.map(pixels));
  const room = (narrow ? 300 : 460) / data.labels.length;
  return { rotate: long > room ? 40 : 0 }; // a zero too: options are merged when the width changes
}

function cartesian(data, narrow) {
  const line = data.kind === "line";
  const stacked = data.kind === "stacked";
  const many = data.series.length > 1;
  return {
    grid: { left: 8, right: data.horizontal ? 40 : 12, top: many ? 40 : 24, bottom: 4, containLabel: true },
    legend: many ? { top: 0, left: 0, textStyle: { fontSize: 13, fontFamily: FONT, color: INK } } : undefined,
    ...axes(data, narrow),
    series: data.series.map((item) => ({
      name: item.name, type: line ? "line" : "bar", data: item.values, stack: stacked ? "all" : undefined,
      barMaxWidth: 34, barGap: "12%", symbolSize: 8, lineStyle: { width: 3 },
      itemStyle: { borderRadius: stacked || line ? 0 : data.horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0] },
      label: label(!line && !(narrow && many), {
        position: stacked ? "inside" : data.horizontal ? "right" : "top", color: stacked ? "#fff" : INK, fontSize: 12,
        formatter: (p) => (p.value ? String(p.value) : ""),
      }),
    })),
  };
}

function options(data, width) {
  const body = data.kind === "donut" ? donut(data, width < 480) : cartesian(data, width < 480);
  return {
    animation: !calm, animationDuration: 300, color: data.kind === "grouped" ? PAIR : PALETTE,
    textStyle: { fontFamily: FONT },
    tooltip: { trigger: data.kind === "donut" ? "item" : "axis", axisPointer: { type: "shadow" }, confine: true, valueFormatter: (v) => (v == null ? "—" : `${v} ${data.unit}`) },
    ...body,
  };
}

async function draw(figure) {
  const canvas = figure.querySelector(".chart-canvas");
  const source = figure.querySelector("script[type='application/json']");
  if (!canvas || !source || figure.dataset.drawn) return;
  figure.dataset.drawn = "yes";
  const data = JSON.parse(source.textContent);
  const library = await echarts(figure.dataset.echarts);
  const chart = library.init(canvas, null, { renderer: "svg" });
  chart.setOption(options(data, canvas.clientWidth));
  if (data.links.length) {
    chart.on("click", (event) => { if (data.links[event.dataIndex]) window.location.href = data.links[event.dataIndex]; });
  }
  new ResizeObserver(() => { chart.resize(); chart.setOption(options(data, canvas.clientWidth)); }).observe(canvas);
}

const drawAll = (from) => from.querySelectorAll("[data-chart]").forEach((figure) => {
  draw(figure).catch(() => { figure.querySelector("details").open = true; });
});
drawAll(document);
document.addEventListener("htmx:afterSwap", (event) => drawAll(event.target));
