import * as echarts from 'echarts';

const NAMES = { 'single-1': '1 connection', 'single-16': '16 connections', 'single-64': '64 connections' };
const COLORS = ['#9aa0a6', '#d98c5f', '#2f6fab', '#6a9e58'];

/** Throughput of single predictions as an SVG, drawn without a browser. */
export function drawChart(summary) {
  const singles = summary.filter(({ rows }) => rows === 1);
  const contestants = singles[0].contestants.map(({ contestant }) => contestant);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 760, height: 320 });
  chart.setOption({
    animation: false,
    color: COLORS,
    backgroundColor: '#ffffff',
    title: { text: 'Single predictions per second, one process', left: 12, top: 8, textStyle: { fontSize: 15 } },
    legend: { data: contestants, top: 36 },
    grid: { left: 64, right: 20, top: 76, bottom: 32 },
    xAxis: { type: 'category', data: singles.map(({ scenario }) => NAMES[scenario] ?? scenario) },
    yAxis: { type: 'value', name: 'requests/s' },
    series: contestants.map((contestant) => ({
      name: contestant,
      type: 'bar',
      label: { show: true, position: 'top', fontSize: 10 },
      data: singles.map(({ contestants: rows }) =>
        Math.round(rows.find((row) => row.contestant === contestant).throughput),
      ),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
