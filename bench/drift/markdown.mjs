import { readFileSync, writeFileSync } from 'node:fs';
import { markdownTable } from '../markdown-table.mjs';
import { median } from '../statistics.mjs';

// The tables of docs/monitoring.md, of results.json and peers.json: `node bench/drift/markdown.mjs` writes them there.

const DOCS = new URL('../../docs/monitoring.md', import.meta.url);
const [BEGIN, END] = ['<!-- node bench/drift/markdown.mjs -->\n', '<!-- end of bench/drift -->\n'];
const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const whole = (number) => number.toLocaleString('en-US');

function arrivalOf({ batch, correlation, arrival }) {
  if (!batch) return 'one by one';
  return `${batch} alike (correlation ${correlation}), ${arrival === 'batches' ? 'in one request' : 'one by one'}`;
}

/** The largest expectation of which so few events are not rarer than 5 % (Poisson's distribution). */
function mostExpected(events) {
  const share = (expected) => {
    let [term, sum] = [Math.exp(-expected), 0];
    for (let i = 0; i <= events; i++, term *= expected / i) sum += term;
    return sum;
  };
  let [low, high] = [0, 10 + 3 * events];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (share(middle) > 0.05) low = middle;
    else high = middle;
  }
  return low;
}

/** False alarms per stream of stable data, with the standard error of that mean, and what it may be with 95 % confidence. */
function stableLines({ stable }) {
  const head = ['baseline', 'rows a day', 'rows come', 'streams', 'false alarms a stream', 'at most (95 %)'];
  const told = ({ streams, alarms, squares }) => {
    const mean = alarms / streams;
    const error = Math.sqrt(Math.max(0, squares / streams - mean ** 2) / streams);
    const found = alarms === 0 ? '0' : `${mean.toFixed(3)} ± ${error.toFixed(3)}`;
    return [whole(streams), found, (mostExpected(alarms) / streams).toFixed(3)];
  };
  const sum = (name) => stable.reduce((all, setting) => all + setting[name], 0);
  const all = { streams: sum('streams'), alarms: sum('alarms'), squares: sum('squares') };
  return [
    head,
    ...stable.map((setting) => [
      whole(setting.baselineRows),
      whole(setting.rowsPerDay),
      arrivalOf(setting),
      ...told(setting),
    ]),
    ['all', '', '', ...told(all)],
  ];
}

function driftLines({ drifts }) {
  const head = ['drift', 'streams', 'days until found, median', 'within 1 day', '7', '28'];
  return [
    head,
    ...drifts.map(({ drift, days }) => {
      const within = (most) =>
        `${Math.round((100 * days.filter((day) => day !== null && day <= most).length) / days.length)} %`;
      const middle = median(days.map((day) => day ?? Infinity));
      const shown = Number.isFinite(middle) ? String(Number(middle.toFixed(2))) : 'more than 28';
      return [drift, String(days.length), shown, within(1), within(7), within(28)];
    }),
  ];
}

const TOOLS = ['skewless', 'evidently', 'nannyml'];

/** Of all three, in their order. */
function peerLines({ compared }) {
  const drifts = Object.keys(compared[0].found);
  const sizes = [...new Set(compared.map(({ rowsPerDay }) => rowsPerDay))];
  const dayOf = (runs, drift, tool) => {
    const middle = median(runs.map(({ found }) => found[drift][tool] ?? Infinity));
    return Number.isFinite(middle) ? String(Math.ceil(middle)) : 'not';
  };
  const head = ['rows a day', 'false alarms in 30 days', ...drifts.map((drift) => `days: ${drift}`)];
  return [
    head,
    ...sizes.map((size) => {
      const runs = compared.filter(({ rowsPerDay }) => rowsPerDay === size);
      const mean = (tool) => runs.reduce((sum, { falseAlarms }) => sum + falseAlarms[tool], 0) / runs.length;
      const alarms = TOOLS.map((tool) => String(Math.round(mean(tool)))).join(' / ');
      return [whole(size), alarms, ...drifts.map((drift) => TOOLS.map((tool) => dayOf(runs, drift, tool)).join(' / '))];
    }),
  ];
}

/** What stands in docs/monitoring.md between the two comments. */
export function driftTables() {
  const [results, peers] = [read('results.json'), read('peers.json')];
  return `
\`node bench/drift/run.mjs --streams 500 --drifts 200\` adds to these counts (seed ${results.seed}), with the floor at 0, so that only the tests keep
the budget of 0.1 false alarms in 30 days; 20 columns of all kinds, two of them of 5,000 categories:

${markdownTable(stableLines(results))}
Drifts from the first row on, 1,000 rows a day, a baseline of 10,000 rows, the floor as it is set:

${markdownTable(driftLines(results))}
The same rows through the real Evidently 0.7.23 and NannyML 0.13.1 with their defaults, Skewless / Evidently / NannyML, by
\`node bench/drift/peers.mjs\` (seed ${peers.seed}). A window is a day; what alarms several days in a row is told once. "Found" says little where a tool alarms
on stable days too. Of Evidently each column has the test that its \`DataDriftPreset\` chooses (\`get_stattest\`), which leaves missing values out; of NannyML
\`UnivariateDriftCalculator\` and \`MissingValuesCalculator\` take chunks of a day (\`bench/drift/peers.py\`). "not": not within 10 days.

${markdownTable(peerLines(peers))}
`;
}

/** @returns the text with the tables as they are now */
export function withTables(text) {
  const [begin, end] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  return text.slice(0, begin) + driftTables() + text.slice(end);
}

if (import.meta.filename === process.argv[1]) writeFileSync(DOCS, withTables(readFileSync(DOCS, 'utf8')));
