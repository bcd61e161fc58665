import { readFileSync } from 'node:fs';
import { markdownTable } from './markdown-table.mjs';

// The tables of docs/benchmarks.md: `node bench/markdown.mjs` prints them.

const RESULTS = new URL('results.json', import.meta.url);
const PEERS = {
  'raw-http': 'raw `node:http`',
  'fastapi-onnx': 'FastAPI + numpy + ONNX Runtime',
  'stock-nest': 'stock Nest + ValidationPipe',
};
const ORDER = ['skewless', ...Object.keys(PEERS)];

function work({ rows, connections }) {
  if (rows > 1) return `batch of ${rows.toLocaleString('en-US')}`;
  return `single, ${connections} connection${connections === 1 ? '' : 's'}`;
}

function cpu(contestants) {
  const microseconds = ORDER.map((name) => contestants.get(name)?.cpuMicroseconds);
  const isLong = microseconds[0] >= 1_000;
  const shown = microseconds.map((us) => (us === undefined ? '-' : isLong ? (us / 1_000).toFixed(1) : us.toFixed(0)));
  return `${shown.join(', ')} ${isLong ? 'ms' : 'us'}`;
}

/** Throughput beside that of the peers, a line of cells per scenario. */
function throughputLines({ scenarios }) {
  const heads = Object.values(PEERS).map((peer) => `throughput / ${peer}`);
  const head = ['work', ...heads, 'CPU per request: Skewless, raw, FastAPI, stock'];
  return [
    head,
    ...scenarios.map((scenario) => {
      const contestants = new Map(scenario.contestants.map((result) => [result.contestant, result]));
      const { ratios } = contestants.get('skewless');
      const cells = Object.keys(PEERS).map((peer) => ratios[peer]?.throughput.toFixed(2) ?? '-');
      return [work(scenario), ...cells, cpu(contestants)];
    }),
  ];
}

/** What was measured beside what has to be, a line of cells per goal. */
function goalLines({ goals }) {
  const head = ['what', 'measured', 'goal', ''];
  return [head, ...goals.map(({ what, is, goal, met }) => [what, is.toFixed(2), goal, met ? 'met' : '**missed**'])];
}

/** The tables of `bench/results.json`, as docs/benchmarks.md has them. */
export function markdownTables() {
  const results = JSON.parse(readFileSync(RESULTS, 'utf8'));
  return [throughputLines(results), goalLines(results)].map(markdownTable);
}

if (import.meta.filename === process.argv[1]) console.log(markdownTables().join('\n'));
