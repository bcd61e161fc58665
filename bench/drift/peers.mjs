import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as bundle from '#bundle';
import { RandomStream } from '#kit';
import * as monitoring from '#monitoring';
import { missing, shift, unitError } from './changes.mjs';
import { drawModel, isPositive } from './model.mjs';
import { watchHours } from './stream.mjs';
import { COLUMNS, drawRows } from './table.mjs';

/**
 * The same made-up rows through Skewless, Evidently and NannyML, each with its defaults:
 * `node bench/drift/peers.mjs --python <of an environment with test/peers/requirements/drift.txt> --results bench/drift/peers.json`.
 * A window is a day; on stable data the first alarm of a column in a row of days counts, as a person would be told once.
 */
const SEED = 20_262;
const DAYS = 30;
/** A drift that is not found in so many days counts as not found. */
const DRIFT_DAYS = 10;
const DRIFTS = {
  '0.25 standard deviations': shift(0.25),
  '5 % missing': missing(0.05),
  'unit error in 1 %': unitError(0.01),
};

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    results: { type: 'string' },
    rows: { type: 'string', default: '50,200,1000,10000' },
    streams: { type: 'string', default: '3' },
  },
});
/** NannyML learns its thresholds from windows of the reference, and wants ten or more. */
const referenceRows = (rowsPerDay) => Math.max(10_000, 10 * rowsPerDay);
const names = [...COLUMNS.map((_, c) => `c${c}`), 'score'];
const isText = ({ type }) => type === 'category' || type === 'boolean';

/** Alarms of Skewless: the day and the column of each episode's start. */
function bySkewless(random, reference, rows, days) {
  const { plan, vocabularies } = drawModel({ ...monitoring, bundle }, random, reference);
  const columns = rows.columns.map((column, c) => (vocabularies[c] ? column.map(vocabularies[c].codeOf) : column));
  const batch = { columns, scores: rows.scores, predicted: rows.scores.map(isPositive) };
  const minutes = 1_440 * days;
  const startOf = (minute) => Math.floor((minute * rows.scores.length) / minutes);
  const minutesOf = (hour) =>
    Array.from({ length: 60 }, (_, i) => {
      const start = startOf(60 * hour + i);
      const length = startOf(60 * hour + i + 1) - start;
      const cells = new Uint32Array(plan.length);
      plan.count(batch, start, length, cells);
      return { rows: length, calls: length, cells };
    }).filter((minute) => minute.rows > 0);
  return watchHours(monitoring, plan, days, minutesOf)
    .filter(({ kind }) => kind === 'opened')
    .map(({ at, column }) => ({ day: at, column }));
}

/** What the others say of the same rows: for each question the columns that alarm on each day. */
function byOthers(folder, reference, questions, rowsPerDay) {
  const all = ({ columns, scores }) => [...columns, scores];
  const folders = questions.map(({ rows, columns }, question) => {
    const own = join(folder, String(question));
    mkdirSync(own, { recursive: true });
    const places = columns.map((name) => names.indexOf(name));
    const bytes = (table) => Buffer.concat(places.map((c) => Buffer.from(all(table)[c].buffer)));
    writeFileSync(join(own, 'reference.f64'), bytes(reference));
    writeFileSync(join(own, 'rows.f64'), bytes(rows));
    const texts = places.map((c) => c < COLUMNS.length && isText(COLUMNS[c]));
    writeFileSync(join(own, 'about.json'), JSON.stringify({ columns, texts, rows_per_day: rowsPerDay }));
    return own;
  });
  // Neither may tell its makers of it.
  const env = { ...process.env, DO_NOT_TRACK: '1', NML_DISABLE_USAGE_LOGGING: '1' };
  const stdio = ['ignore', 'pipe', 'inherit'];
  const script = join(import.meta.dirname, 'peers.py');
  return JSON.parse(execFileSync(values.python, [script, ...folders], { encoding: 'utf8', env, stdio }));
}

/** The first alarm of each row of days with one. */
const toldOnce = (days) =>
  days.reduce((sum, now, day) => sum + now.filter((name) => !days[day - 1]?.includes(name)).length, 0);

function alter(rows, { column, share, of }, random) {
  const columns = rows.columns.map((values, c) =>
    c === column ? values.map((value) => (random.uniform() < share ? of(value) : value)) : values,
  );
  return { ...rows, columns };
}

function compare(folder, rowsPerDay, stream) {
  const random = new RandomStream(SEED, stream);
  const reference = drawRows(random, referenceRows(rowsPerDay));
  const stable = drawRows(random, DAYS * rowsPerDay);
  const drifts = Object.entries(DRIFTS).map(([drift, change]) => {
    const rows = alter(drawRows(random, DRIFT_DAYS * rowsPerDay), change, random);
    return { drift, rows, columns: [`c${change.column}`] };
  });
  const [ofStable, ...ofDrifts] = byOthers(
    folder,
    reference,
    [{ rows: stable, columns: names }, ...drifts],
    rowsPerDay,
  );
  const falseAlarms = { skewless: bySkewless(random, reference, stable, DAYS).length };
  for (const [name, days] of Object.entries(ofStable)) falseAlarms[name] = toldOnce(days);
  const found = {};
  drifts.forEach(({ drift, rows, columns: [column] }, i) => {
    const own = bySkewless(random, reference, rows, DRIFT_DAYS).find((alarm) => alarm.column === column);
    found[drift] = { skewless: own ? Number(own.day.toFixed(2)) : null };
    for (const [name, days] of Object.entries(ofDrifts[i])) {
      const day = days.findIndex((columns) => columns.includes(column));
      found[drift][name] = day < 0 ? null : day + 1;
    }
  });
  return { rowsPerDay, referenceRows: referenceRows(rowsPerDay), stream, falseAlarms, found };
}

const folder = mkdtempSync(join(tmpdir(), 'skewless-drift-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const compared = [];
for (const rowsPerDay of values.rows.split(',').map(Number)) {
  for (let stream = 0; stream < Number(values.streams); stream++) {
    compared.push(compare(folder, rowsPerDay, stream));
    console.log(JSON.stringify(compared.at(-1)));
    const lines = compared.map((one) => `  ${JSON.stringify(one)}`).join(',\n');
    if (values.results) writeFileSync(values.results, `{"seed":${SEED},"compared":[\n${lines}\n]}\n`);
  }
}
