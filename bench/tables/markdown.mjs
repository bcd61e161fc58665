import { readFileSync, writeFileSync } from 'node:fs';
import { markdownTable } from '../markdown-table.mjs';
import { keptResult } from './results.mjs';

const PAGE = new URL('../../docs/tables.md', import.meta.url);
const TABLES = new URL('tables.json', import.meta.url);
/** What the page is of. */
const KEPT = new URL('results.json', import.meta.url);
/** How much more than scikit-learn's loss ours may be, unless the difference may be chance. */
const MOST = 1.05;

const HEAD = [
  ...['table', 'rows', 'columns', 'loss', 'scikit-learn', 'ratio', '95 % of the difference', ''],
  ...['learner', 'init + run, s', 'their fit, s', 'p50, ms', 'FastAPI, ms'],
];

const figure = (number) => (number === undefined ? '-' : number >= 1_000 ? number.toFixed(0) : number.toPrecision(3));
const LEARNERS = { gradient_boosting: 'boosting', random_forest: 'forest' };

/** Whether a model is as good as the better of the peers, as far as the test rows tell. */
export const isAsGood = ({ ratio, interval: [low] }) => ratio <= MOST || low <= 0;

function lineOf(name, result) {
  if (!result) return [name, ...HEAD.slice(1).map(() => '-')];
  const { rows, columns, unused, task, loss, peers, better, ratio, interval, p50Ms } = result;
  const { algorithm, initSeconds, runSeconds } = result;
  return [
    name,
    (rows.train + rows.test).toLocaleString('en-US'),
    unused > 0 ? `${columns} of ${columns + unused}` : String(columns),
    `${figure(loss)}${task === 'regression' ? ' RMSE' : ''}`,
    `${figure(peers[better].loss)} ${better}`,
    ratio.toFixed(3),
    interval.map(figure).join(' to '),
    isAsGood(result) ? '' : '**worse**',
    LEARNERS[algorithm],
    (initSeconds + runSeconds).toFixed(0),
    Object.values(peers)
      .reduce((sum, { fitSeconds }) => sum + fitSeconds, 0)
      .toFixed(0),
    ...[p50Ms.own, p50Ms.peer].map((ms) => ms?.toFixed(2) ?? '-'),
  ];
}

/** The table of docs/tables.md, of results by the names of the tables. */
export function tablesTable(results) {
  const names = JSON.parse(readFileSync(TABLES, 'utf8')).map(({ name }) => name);
  return markdownTable([HEAD, ...names.map((name) => lineOf(name, results[name]))]);
}

/** What is to be known of single tables. */
const remarks = () =>
  JSON.parse(readFileSync(TABLES, 'utf8'))
    .flatMap(({ name, remark }) => (remark ? `\n- **${name}**: ${remark}.` : []))
    .join('');

/** Writes docs/tables.md, and results.json beside this file, of what has been measured: here, or else when they were written last. */
export function writeTablesPage(names) {
  const before = JSON.parse(readFileSync(KEPT, 'utf8'));
  const results = Object.fromEntries(
    names.flatMap((name) => {
      const result = keptResult(name) ?? before[name];
      return result ? [[name, result]] : [];
    }),
  );
  writeFileSync(KEPT, `${JSON.stringify(results, null, 2)}\n`);
  const measured = Object.values(results);
  if (measured.length === 0) throw new Error('No table has been measured');
  const [{ node, cpu, cores }] = measured;
  const unproven = measured.filter(({ isProven }) => !isProven).map(({ name }) => name);
  const gate =
    unproven.length === 0
      ? 'Every model passed the gate.'
      : `The gate passed all but ${unproven.join(', ')}: their few test rows do not prove that the model beats the shares of the classes. ` +
        'There the version was made champion by `models promote`.';
  const loads = measured.map(({ loadAverage }) => loadAverage);
  writeFileSync(
    PAGE,
    `# Public tables

${names.length} public tables as their packages have them, each by \`init\`, \`run\`, a server and 100 rows over HTTP, with nothing prepared outside. The
single answers are those of \`predict\` on the same rows, to the last digit. One command fetches, trains, serves, compares and writes this page:

    npm run build && node bench/tables/run.mjs --page

Tables come from npm (vega-datasets), scikit-learn and Debian's R packages (\`apt-get\`, \`dpkg-deb\` and \`python3\` are needed). \`--table NAME\`
measures one, \`--again\` measures what has been measured before.

- **loss**: log loss, or RMSE, of the served answers on the test rows that \`run\` kept aside (at most 100,000).
- **scikit-learn**: the better of \`HistGradientBoosting*\` and \`RandomForest*\` with their defaults behind a \`ColumnTransformer\` (ordinal codes as
  categories; one-hot and medians; parts of dates), fitted on the same training rows and the columns that \`init\` left in use. The better by its test loss: it is told the answer that it is chosen by.
- **difference**: ours minus theirs, over ${(2_000).toLocaleString('en-US')} resamplings of the test rows. A model is **worse** where the ratio is above ${MOST} and the interval is above 0.
- **their fit**: both of theirs, in seconds; \`init + run\` is the whole way of ours: two looks at the file, cross-validation, evaluation, registration.
- **p50**: a single prediction, one after the other; beside FastAPI with the pickled pipeline of the better one.

No probability counts as less than 0.000001 on either side: answers have six decimals.

<!-- table -->

${tablesTable(results)}
${measured.length < names.length ? `Measured so far: ${measured.length} of ${names.length}; the others wait for a quiet machine. ` : ''}${gate}
${remarks()}

Times are those of ${cores} cores (${cpu}) that others used too (load ${Math.min(...loads).toFixed(0)} to ${Math.max(...loads).toFixed(0)}), with Node ${node.slice(1)}; losses do not depend on it.
`,
  );
}
