import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { maintainersPackages } from '../../tools/maintain/install.mjs';
import { markdownTable } from '../markdown-table.mjs';

const PAGE = new URL('../../docs/model-parity.md', import.meta.url);
const KEPT = new URL('results.json', import.meta.url);
const MUTATED = new URL('mutated.json', import.meta.url);
const SPEED = new URL('speed.json', import.meta.url);

/** What a difference may be before it counts: of a probability as such, of a number as a share of it. */
const SAME = 1e-5;

/** Whether an import is equal to its source: every leaf, every label, and margins within what the source may be off. */
export const isEqual = ({ leavesDiffering, labelsDiffering, worstMargin }) =>
  leavesDiffering === 0 && labelsDiffering === 0 && worstMargin <= 1;

const NAMES = { sklearn: 'scikit-learn', xgboost: 'XGBoost', lightgbm: 'LightGBM' };
const count = (number) => number.toLocaleString('en-US');
const small = (number) => (number === 0 ? '0' : number.toExponential(1));
const sum = (list, of) => list.reduce((total, one) => total + of(one), 0);
const most = (list, of) => Math.max(0, ...list.map(of));

function sourceLine([source, { version, configurations }]) {
  return [
    version,
    count(configurations.length),
    count(sum(configurations, ({ rows }) => rows)),
    count(sum(configurations, ({ splits }) => splits)),
    count(sum(configurations, ({ rows, trees }) => rows * trees)),
    count(sum(configurations, ({ leavesDiffering }) => leavesDiffering)),
    `${count(sum(configurations, ({ labelsDiffering }) => labelsDiffering))} (${count(sum(configurations, ({ ties }) => ties))})`,
    most(configurations, ({ worstMargin }) => worstMargin).toFixed(2),
    small(most(configurations, ({ worst }) => worst)),
    NAMES[source],
  ].slice(0, -1);
}

const isRight = ({ error, worst, labels = 0 }) =>
  error === undefined && worst !== null && worst <= SAME && labels === 0;

/** One line a converter: of how many models it makes none, a right one or a wrong one. */
function converterLines([source, { configurations }]) {
  const names = [...new Set(configurations.flatMap(({ peers }) => Object.keys(peers)))];
  return names.map((name) => {
    const answers = configurations.flatMap(({ peers }) => peers[name] ?? []);
    const made = answers.filter(({ error }) => error === undefined);
    const wrong = made.filter((answer) => !isRight(answer));
    return [
      NAMES[source],
      name,
      count(answers.length),
      count(answers.length - made.length),
      count(made.length - wrong.length),
      count(wrong.length),
      count(wrong.filter(({ labels = 0 }) => labels > 0).length),
      small(most(wrong, ({ worst }) => worst ?? Infinity)),
    ];
  });
}

function peerCell(answer) {
  if (answer === undefined) return '-';
  if (answer.error !== undefined) return /no end/.test(answer.error) ? 'never ends' : 'fails';
  if (isRight(answer)) return `equal, ${small(answer.worst)}`;
  const rows = `${count(answer.rows)} rows`;
  const labels = answer.labels ? `, ${count(answer.labels)} labels` : '';
  return `**${rows}${labels}**, by ${answer.worst === null ? 'NaN' : small(answer.worst)}`;
}

function detail({ configurations }) {
  const peers = [...new Set(configurations.flatMap((one) => Object.keys(one.peers)))];
  const lines = configurations.map((one) => [
    one.name,
    count(one.trees),
    count(one.rows),
    count(one.leavesDiffering),
    one.worstMargin.toFixed(3),
    one.classes > 0 ? count(one.labelsDiffering) : '-',
    small(one.worst),
    ...peers.map((peer) => peerCell(one.peers[peer])),
  ]);
  return markdownTable([
    ['configuration', 'trees', 'rows', 'leaves off', 'margin', 'labels off', 'answer', ...peers],
    ...lines,
  ]);
}

/** The reasons of conversions that fail, each once, with how many have it. */
function reasons(results) {
  const found = new Map();
  for (const { configurations } of Object.values(results)) {
    for (const { peers } of configurations) {
      for (const [peer, { error }] of Object.entries(peers)) {
        if (error === undefined) continue;
        const text = `${peer}: ${error
          .replace(/ and attributes=.*| got an input X.*/, '')
          .replace(/name='[^']*'/, '')
          .trim()}`;
        found.set(text, (found.get(text) ?? 0) + 1);
      }
    }
  }
  return [...found].map(([text, times]) => `- ${times} x \`${text.replaceAll('`', "'")}\`\n`).join('');
}

/** The tables of docs/model-parity.md, of what results.json and its neighbours hold. */
export function parityTables(results = JSON.parse(readFileSync(KEPT, 'utf8'))) {
  const sources = Object.entries(results);
  const head = [
    'source',
    'models',
    'rows',
    'splits',
    'leaves compared',
    'differ',
    'labels (ties)',
    'worst margin',
    'worst answer',
  ];
  const byConverter = ['source', 'converter', 'models', 'none', 'equal', 'wrong', 'of these labels', 'worst'];
  return {
    sources: markdownTable([head, ...sources.map(sourceLine)]),
    converters: markdownTable([byConverter, ...sources.flatMap(converterLines)]),
    details: Object.fromEntries(sources.map(([source, result]) => [source, detail(result)])),
    mutated: existsSync(MUTATED) ? mutatedTable(JSON.parse(readFileSync(MUTATED, 'utf8'))) : '',
    speed: existsSync(SPEED) ? speedTable(JSON.parse(readFileSync(SPEED, 'utf8'))) : '',
  };
}

function mutatedTable({ files }) {
  const lines = files.map(({ file, dumps, refused, proven, other, worstMilliseconds, worstBytes }) => [
    file,
    count(dumps),
    count(refused),
    count(proven),
    count(other),
    `${worstMilliseconds.toFixed(0)} ms`,
    `${(worstBytes / 2 ** 20).toFixed(0)} MiB`,
  ]);
  return markdownTable([
    ['dump', 'mutated', 'refused in words', 'imported, proven', 'anything else', 'slowest, CPU', 'peak memory'],
    ...lines,
  ]);
}

function speedTable({ cells }) {
  const lines = cells.map(({ what, contestant, rate, cpu, ratio, cpuRatio }) => [
    what,
    contestant,
    count(Math.round(rate)),
    cpu.toFixed(cpu < 10 ? 2 : 0),
    ratio === undefined ? '' : ratio.toFixed(1),
    cpuRatio === undefined ? '' : cpuRatio.toFixed(1),
  ]);
  return markdownTable([
    ['', 'contestant', 'rows/s', 'CPU, us a row', 'ours: times as many rows', 'times less CPU'],
    ...lines,
  ]);
}

function pageOf(results) {
  const { sources, converters, details, mutated, speed } = parityTables(results);
  const versions = Object.values(results).map(({ version }) => version);
  return `# Imported models beside their sources

Models of ${versions.join(', ')}, trained by the real libraries, imported, and compared with what the library itself answers; beside them
stands what \`skl2onnx\` 1.20.0 and \`onnxmltools\` 1.16.0 make of the same models, in ONNX Runtime 1.32.0 for Python. Each model is asked 2,000 rows and, for up to
2,000 of its splits, one row exactly on the threshold and one to either side of it: the next number of the type in which the source compares.
One command trains, asks, compares and writes this page:

    npm run build && node bench/models/run.mjs --page

\`--ci\` takes eight of each source, as \`npm run test:peers -- models\` does. Configurations are listed in \`bench/models/*_source.py\`.

<!-- sources -->

${sources}
- **leaves compared**: rows times trees. The leaf of each must be the source's own, tree by tree.
- **worst margin**: of what the source itself may be off, a sum before its link: T x 2^-24 of the largest sum on the way for T trees of XGBoost, which adds up
  float32; 1e-12 of the leaves' magnitudes for the others; and the grid of the leaves, 2^-52 of the largest sum for each tree. At most 1 is within the contract.
- **labels**: rows whose label differs, but for ties (in brackets): the two largest probabilities are as near as the margin may be off.
- **worst answer**: of a probability, which is told as float32, or of a number as a share of it, as ONNX Runtime answers.

## Converters on the same models

${converters}
**none**: the conversion fails or does not end within 10 s of CPU. **equal**: no answer is off by more than ${SAME} and no label differs. **of these labels**: models
with rows whose label is another one. Graphs of float32 inputs cannot tell apart float64 numbers next to a threshold: of LightGBM and histogram
boosting that makes some rows wrong by nature. Others are wrong on ordinary rows: forests of scikit-learn with missing values, forests of LightGBM, models
of several classes that stopped early, \`zero_as_missing\`.

Why conversions fail:

${reasons(results)}
${
  mutated === ''
    ? ''
    : `## Damaged dumps

A file that was cut, of which a byte, a digit, a number or a run of bytes was changed, is refused in words, or it is a model and is proven as any other:

    npm run build && node bench/models/mutate.mjs --page

${mutated}
`
}${
    speed === ''
      ? ''
      : `## Speed of an imported model

A model of XGBoost of 300 trees, depth 6, 14 features, served by Skewless, by FastAPI with the real xgboost, and by FastAPI with the graph of onnxmltools in ONNX
Runtime for Python, each in one process with one thread, one after the other in each round, other rounds in another order; medians of ratios within a round:

    npm run build && node bench/models/speed.mjs --page

${speed}
CPU is that of the server's process. Others used the machine, so it is the steadier figure.

`
  }## All configurations

**margin** as above; of a converter the rows that are off by more than ${SAME}, labels that differ, and by how much at most.

${Object.entries(details)
  .map(([source, table]) => `### ${NAMES[source]}\n\n${table}`)
  .join('\n')}`;
}

/** Writes docs/model-parity.md, and results.json where there are new ones. */
export async function writePage(results) {
  const { format } = maintainersPackages().require('prettier');
  if (results) writeFileSync(KEPT, await format(JSON.stringify(results), { parser: 'json', printWidth: 120 }));
  const text = pageOf(results ?? JSON.parse(readFileSync(KEPT, 'utf8')));
  writeFileSync(PAGE, await format(text, { parser: 'markdown', printWidth: 160 }));
}
