import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { numberCells } from '#bundle';
import { RandomStream } from '#kit';
import { buildPage, runWatch } from '#monitoring';
import { toCellCounts } from '../dist/libs/monitoring/src/counts/cell-counts.js';
import { FileStore } from '../dist/libs/monitoring/src/store/file/file-store.js';
import { keepVersion, planOf } from '../dist/libs/monitoring/src/watch/watched-version.js';
import { median } from './statistics.mjs';

/**
 * The page of a model of 100 columns after 90 days, a third of the columns moved on the last two, after a build: `node bench/monitor-page.mjs`
 * prints its bytes, what was asked of the store for it, and the time and CPU of a build; test/monitor-report.spec.ts holds the first two (`--once`).
 */
const [COLUMNS, DAYS] = [100, 90];
const builds = process.argv.includes('--once') ? 0 : 5;
const DAY = 86_400_000;
const END = Date.UTC(2026, 9, 30);
/** Rows of a day come in so many minutes, so many each, one a request. */
const [MINUTES, ROWS] = [12, 20];
const LABELLED_A_DAY = 40;

const random = new RandomStream(18, 60);
const draw = (rows, shift = 0) => Array.from({ length: rows }, () => random.uniform() * 1_000 + shift);
const names = Array.from({ length: COLUMNS }, (_, c) => `measurement_${c}`);
const cells = numberCells(Float64Array.from(draw(5_000)));
const bin = { rows: 500, correct: 450, truth: [450, 50], predicted: [500, 0], hits: [450, 0] };
const watched = {
  model: 'wide',
  version: '1',
  loadedAt: END - DAYS * DAY,
  task: 'binary',
  classes: ['no', 'yes'],
  accuracy: 0.9,
  inputs: names.map((name) => ({ name, type: 'float', nullable: true })),
  baseline: {
    format_version: 2,
    rows: 5_000,
    columns: {},
    cells: Object.fromEntries(names.map((name) => [name, cells])),
    scores: {
      minimum: 0,
      uppers: [0.5, 1],
      bins: [bin, { ...bin, truth: [50, 450], predicted: [0, 500], hits: [0, 450] }],
    },
  },
};
const plan = planOf(watched);
let sequence = 0;

function countsOf(time, rows, shift) {
  const [usual, moved] = [draw(rows), draw(rows, shift)];
  const predicted = usual.map((value) => (value > 500 ? 1 : 0));
  const scores = predicted.map((place) => 0.25 + place / 2);
  const counted = new Float64Array(plan.length);
  const columns = names.map((_, c) => (c < COLUMNS / 3 ? moved : usual));
  plan.count({ columns, scores, predicted }, 0, rows, counted);
  return toCellCounts(plan, { model: 'wide', version: '1', time }, { rows, calls: rows, cells: counted });
}

async function keepDay(store, daysAgo, minutes, shift) {
  const day = END - daysAgo * DAY;
  const hex = (number) => number.toString(16).padStart(12, '0');
  const time = hex(day + DAY / 2);
  const all = (of) => Array.from({ length: LABELLED_A_DAY }, (_, n) => of(n));
  const ids = all((n) => `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${hex(n)}`);
  const none = all(() => null);
  const predictions = all((n) => ['no', 'yes'][n % 2]);
  await store.append({
    producer: 'wide',
    sequence: ++sequence,
    counts: Array.from({ length: minutes }, (_, n) =>
      countsOf(day + DAY / 2 + n * 60_000, (MINUTES * ROWS) / minutes, shift),
    ).flat(),
    rows: {
      ids,
      externalIds: none,
      models: all(() => 'wide'),
      versions: all(() => '1'),
      predictions,
      scores: all((n) => 0.25 + (n % 2) / 2),
      slices: none,
      raw: none,
      weights: none,
    },
    labels: { ids, labels: all((n) => (n % 5 < 4 ? predictions[n] : 'yes')), observedAt: all(() => day + DAY) },
  });
}

const folder = mkdtempSync(join(tmpdir(), 'skewless-page-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
// Of a time at which nobody writes to segments any more.
const store = new FileStore({ folder, maxBytes: 2 ** 31, now: () => Date.now() + 600_000 });
await keepVersion(store, watched);
const now = END + 600_000;
for (const daysAgo of [2, 1]) await keepDay(store, daysAgo, MINUTES, 300);
await runWatch(store, now);
// Of older days the page shows shares alone: their windows need not be judged.
for (let daysAgo = DAYS; daysAgo > 2; daysAgo--) await keepDay(store, daysAgo, 1, 0);
if (builds > 0) await store.prune({ rows: 0, minutes: 0, hours: 0, days: 0 });

const asked = {};
const counted = new Proxy(store, {
  get(target, name) {
    asked[name] = (asked[name] ?? 0) + 1;
    return target[name].bind(target);
  },
});
const task = { format: 'html', scale: '1d', now, isServed: true, isList: false, versions: [watched] };
const { text } = await buildPage(counted, task);
const took = [];
for (let n = 0; n < builds; n++) {
  const [started, before] = [performance.now(), process.cpuUsage()];
  await buildPage(store, task);
  const { user, system } = process.cpuUsage(before);
  took.push({ wall: performance.now() - started, cpu: (user + system) / 1_000 });
}
console.log(
  JSON.stringify({
    columns: text.match(/measurement_\d+<\/a>/g).length,
    moved: text.match(/<span class="words">values /g).length,
    bytes: Buffer.byteLength(text),
    asked,
    ...(took.length > 0 && {
      milliseconds: Math.round(median(took.map(({ wall }) => wall))),
      cpuMilliseconds: Math.round(median(took.map(({ cpu }) => cpu))),
    }),
  }),
);
await store.close();
