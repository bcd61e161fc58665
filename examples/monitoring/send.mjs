/**
 * Sends rows of a table to a running server, one request each, and writes what they should have been as labels:
 * `node examples/monitoring/send.mjs --rows 2000 --shift feature_1=1`. The table is of numbers, its last column the target.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000' },
    /** Added to every value of a column: `<column>=<number>`. */
    shift: { type: 'string' },
    table: { type: 'string', default: 'data/raw/dataset.csv' },
    labels: { type: 'string', default: 'labels.csv' },
    /** Over which the requests are spread: the watch compares minutes, and needs ten. */
    minutes: { type: 'string', default: '12' },
    url: { type: 'string', default: 'http://localhost:8000' },
  },
});
const AT_ONCE = 10;
const [count, [shifted, by]] = [Number(values.rows), values.shift?.split('=') ?? []];

const [names, ...table] = readFileSync(values.table, 'utf8')
  .trim()
  .split(/\r?\n/)
  .map((line) => line.split(','));
if (!(count > 0) || (shifted !== undefined && !(names.includes(shifted) && Number.isFinite(Number(by))))) {
  console.error(`--rows is a number above 0, --shift <column>=<number> names one of ${names.slice(0, -1).join(', ')}.`);
  process.exit(2);
}

/** Over and over through the table, so that as many rows as it has are distributed as it is. */
async function send(n) {
  const cells = table[n % table.length].map(Number);
  const row = Object.fromEntries(names.slice(0, -1).map((name, c) => [name, cells[c]]));
  if (shifted !== undefined) row[shifted] += Number(by);
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${values.url}/predict`, { method: 'POST', headers, body: JSON.stringify(row) });
  if (!response.ok) throw new Error(`The server answered ${response.status}: ${await response.text()}`);
  const { prediction_id: id, prediction } = await response.json();
  return { id, label: cells.at(-1), isRight: prediction === cells.at(-1) };
}

const answers = [];
const begun = performance.now();
for (let from = 0; from < count; from += AT_ONCE) {
  const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => send(from + i));
  answers.push(...(await Promise.all(some)));
  const due = begun + (Number(values.minutes) * 60_000 * answers.length) / count;
  await sleep(Math.max(0, due - performance.now()));
}
writeFileSync(
  values.labels,
  ['prediction_id,label', ...answers.map(({ id, label }) => `${id},${label}`), ''].join('\n'),
);
const right = answers.filter(({ isRight }) => isRight).length;
console.log(`${count} predictions, ${right} of them right; their labels are in ${values.labels}`);
