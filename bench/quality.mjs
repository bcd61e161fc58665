import { writeFileSync } from 'node:fs';
import { classScoreTable } from '#bundle';
import { RandomStream } from '#kit';
import { isAccuracyLow } from '../dist/libs/monitoring/src/quality/quality-alarm.js';
import { estimatedAccuracy, isRefuted, liveAccuracy } from '../dist/libs/monitoring/src/quality/outcomes.js';
import { atLeast, atMost, show } from './goal.mjs';
import { median } from './statistics.mjs';

/**
 * What the watch says of quality, over 1,000 made-up windows of 2,000 rows each, after a build: `node bench/quality.mjs`. Its short form is in
 * libs/monitoring/src/quality/quality.spec.ts. `--keep` writes quality.json.
 */
const SEED = 18;
const [WINDOWS, ROWS] = [1_000, 2_000];
const [MONTHS, LABELS_A_DAY, FLOOR] = [1_000, 200, 0.88];
const SCALES = { '1d': 1, '7d': 7, '28d': 28 };

/** Rows of an overconfident model. @param shift of all rows @param flipped share of labels that say the opposite */
function draw(random, rows, shift = 0, flipped = 0) {
  return Array.from({ length: rows }, () => {
    const share = random.uniform();
    const normal = 1.5 * Math.log(share / (1 - share)) + shift;
    const chance = (slope) => 1 / (1 + Math.exp(-slope * normal));
    const label = random.uniform() < chance(1) ? 1 : 0;
    return { score: Math.fround(chance(2)), label: random.uniform() < flipped ? 1 - label : label };
  });
}

const isRight = ({ score, label }) => score > 0.5 === (label === 1);
const accuracy = (rows) => rows.filter(isRight).length / rows.length;

const tableOf = (rows) =>
  classScoreTable({
    scores: rows.map(({ score }) => score),
    predicted: rows.map(({ score }) => (score > 0.5 ? 1 : 0)),
    labels: rows.map(({ label }) => label),
    classes: 2,
  });

function outcomes({ uppers }, rows, isLabelled = () => true) {
  const bins = uppers.map(() => ({ rows: 0, labels: 0, correct: 0 }));
  for (const row of rows) {
    const found = uppers.findIndex((upper) => row.score <= upper);
    const bin = bins.at(found);
    bin.rows++;
    if (!isLabelled(row)) continue;
    bin.labels++;
    if (isRight(row)) bin.correct++;
  }
  return bins;
}

/** Windows whose 95 % interval holds the accuracy of their rows, and the mean difference between the two. */
function estimated(stream, shift, flipped = 0) {
  const random = new RandomStream(SEED, stream);
  let [held, difference, refuted] = [0, 0, 0];
  for (let window = 0; window < WINDOWS; window++) {
    const table = tableOf(draw(random, ROWS));
    const rows = draw(random, ROWS, shift, flipped);
    const counts = outcomes(table, rows).map((bin) => bin.rows);
    const { value, low, high } = estimatedAccuracy(table, counts);
    const truth = accuracy(rows);
    if (low <= truth && truth <= high) held++;
    difference += (value - truth) / WINDOWS;
    if (isRefuted(table, outcomes(table, rows.slice(0, 1_000)))) refuted++;
  }
  return { shift, flipped, covered: held / WINDOWS, difference, refuted: refuted / WINDOWS };
}

/** Rows of high scores have labels, of the others a twentieth. */
function selective(stream) {
  const random = new RandomStream(SEED, stream);
  let [raw, weighted] = [0, 0];
  for (let window = 0; window < WINDOWS; window++) {
    const table = tableOf(draw(random, ROWS));
    const rows = draw(random, ROWS, 0.7);
    const live = liveAccuracy(outcomes(table, rows, ({ score }) => score > 0.8 || random.uniform() < 0.05));
    raw += (live.raw.value - accuracy(rows)) / WINDOWS;
    weighted += (live.weighted.value - accuracy(rows)) / WINDOWS;
  }
  return { raw, weighted };
}

/** Days on which an alarm opens while the accuracy is `truth`. */
function alarmDays(random, days, truth) {
  const right = [];
  const found = [];
  const open = new Set();
  for (let day = 0; day < days; day++) {
    let correct = 0;
    for (let row = 0; row < LABELS_A_DAY; row++) if (random.uniform() < truth) correct++;
    right.push(correct);
    for (const [scale, length] of Object.entries(SCALES)) {
      const own = right.slice(-length);
      const sums = { labels: LABELS_A_DAY * own.length, correct: own.reduce((sum, count) => sum + count, 0) };
      if (!isAccuracyLow(FLOOR, sums, scale)) open.delete(scale);
      else if (!open.has(scale)) {
        open.add(scale);
        found.push(day + 1);
      }
    }
  }
  return found;
}

const estimates = [estimated(1, 0), estimated(2, 1), estimated(3, -2), estimated(4, 0, 0.15)];
const labelled = selective(5);
const random = new RandomStream(SEED, 6);
const atFloor = Array.from({ length: MONTHS }, () => alarmDays(random, 30, FLOOR).length);
const falseAlarms = atFloor.reduce((sum, count) => sum + count, 0) / MONTHS;
const delays = Array.from({ length: MONTHS }, () => alarmDays(random, 30, 0.84)[0] ?? Infinity);
const delay = median(delays);

const says = ({ shift }) => `${WINDOWS} windows of ${ROWS} rows, moved by ${shift}`;
const figures = [
  ...estimates
    .slice(0, 3)
    .flatMap((estimate) => [
      atMost(
        '95 % intervals without labels: share that holds, less 0.95',
        Math.abs(estimate.covered - 0.95),
        0.02,
        says(estimate),
      ),
      atMost('estimates that 1,000 labels refute by mistake', estimate.refuted, 0.005, says(estimate)),
    ]),
  atLeast('estimates that 1,000 labels refute, 15 % of them flipped', estimates[3].refuted, 0.99, says(estimates[3])),
  atMost(
    'selective labels: weighted accuracy off by',
    Math.abs(labelled.weighted),
    0.01,
    `raw ${labelled.raw.toFixed(3)}`,
  ),
  atMost('alarms in 30 days at the floor', falseAlarms, 0.121, `${MONTHS} times 30 days of ${LABELS_A_DAY} labels`),
  atMost('days until 0.84 in place of 0.9 is told, median', delay, 7, `the floor is ${FLOOR}`),
];
for (const figure of figures) console.log(show(figure));
if (process.argv.includes('--keep')) {
  const kept = { seed: SEED, windows: WINDOWS, rows: ROWS, estimates, labelled, months: MONTHS, falseAlarms, delay };
  writeFileSync(new URL('quality.json', import.meta.url), `${JSON.stringify(kept, null, 2)}\n`);
}
