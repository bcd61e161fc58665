import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RandomStream } from '#kit';
import { predictProbabilities, predictValues, trainModel } from '#learners';
import { temporaryFolder } from '#testing';
import { python } from './helper/python.js';

const [ROWS, HELD, SEEDS] = [1_500, 1_000, 3];
const folder = temporaryFolder();

/** What a table has beside numbers. */
type Extra = 'nothing' | 'gaps' | 'categories' | 'outliers';

/** Columns of numbers, of which the last is a code of a category; what they say, with noise. */
function tableOf(seed: number, extra: Extra) {
  const random = new RandomStream(seed, 11);
  const rows = ROWS + HELD;
  const noise = (): number => random.uniform() + random.uniform() - 1;
  const columns = Array.from({ length: 5 }, () => Float32Array.from({ length: rows }, () => 4 * random.uniform() - 2));
  if (extra === 'categories') columns[4] = Float32Array.from({ length: rows }, () => random.below(12));
  const effects = Array.from({ length: 12 }, () => 4 * random.uniform());
  const signal = Float64Array.from({ length: rows }, (_, i) => {
    const [a, b, c, , last] = columns.map((column) => column[i]);
    const category = extra === 'categories' ? effects[last] : 0;
    return 2 * a + Math.sign(b) * c + category + noise();
  });
  if (extra === 'outliers') for (let i = 0; i < rows; i += 97) signal[i] *= 30;
  // Missing by chance, and where b is large: so that it says something.
  const gaps = (column: Float32Array, f: number): Float32Array =>
    column.map((value, i) => (random.below(8) === 0 || (f === 0 && columns[1][i] > 1.2) ? NaN : value));
  return { columns: extra === 'gaps' ? columns.map(gaps) : columns, signal };
}

type Kind = 'gradient_boosting' | 'random_forest' | 'ridge';
const BOOSTING = { n_estimators: 60, learning_rate: 0.1, max_depth: 4, min_child_weight: 1, l2: 1 };
const FOREST = { n_estimators: 60, max_depth: 10, max_features: 'all', min_samples_leaf: 2 };

const CASES: readonly (readonly [Kind, Record<string, unknown>, Extra, number])[] = [
  ['ridge', { l2: 3 }, 'nothing', 0],
  ['ridge', { l2: 1e-3 }, 'outliers', 0],
  ['random_forest', FOREST, 'nothing', 0],
  ['random_forest', { ...FOREST, max_features: 2, min_samples_leaf: 1 }, 'categories', 0],
  ['random_forest', FOREST, 'outliers', 0],
  ['gradient_boosting', BOOSTING, 'nothing', 0],
  ['gradient_boosting', { ...BOOSTING, max_depth: 6 }, 'categories', 0],
  ['gradient_boosting', BOOSTING, 'gaps', 0],
  ['gradient_boosting', BOOSTING, 'gaps', 2],
  ['gradient_boosting', BOOSTING, 'gaps', 4],
  ['gradient_boosting', { ...BOOSTING, class_weight: 'balanced' }, 'gaps', 2],
  ['gradient_boosting', { ...BOOSTING, class_weight: 'balanced' }, 'categories', 3],
];

/** The mean loss: the root of the mean squared error, or the log loss. */
function lossOf(answers: ArrayLike<number>, right: readonly number[], classes: number): number {
  if (classes === 0) {
    return Math.sqrt(right.reduce((sum, target, i) => sum + (answers[i] - target) ** 2, 0) / right.length);
  }
  return right.reduce((sum, c, i) => sum - Math.log(Math.max(answers[i * classes + c], 1e-9)), 0) / right.length;
}

/** Our learners beside scikit-learn's forest and ridge and XGBoost's boosting: numbers, gaps, categories, class weights. */
it('learns tables of every kind as its peers do', async () => {
  const tables = CASES.flatMap(([kind, hyperparameters, extra, classes], i) =>
    Array.from({ length: SEEDS }, (_, seed) => {
      const { columns, signal } = tableOf(100 * i + seed, extra);
      // Few of the last class.
      const label = (value: number): number => Math.min(classes - 1, Math.max(0, Math.floor(value / 1.5)));
      const targets = Array.from(signal, (value) => (classes > 0 ? label(value) : value));
      return { kind, hyperparameters, extra, classes, columns, targets };
    }),
  );
  const part = (columns: readonly Float32Array[], from: number, to?: number) =>
    columns.map((column) => Array.from(column.subarray(from, to), (value) => (Number.isNaN(value) ? null : value)));
  const file = join(folder, 'tables.json');
  const orders = tables.map(({ columns, targets, ...order }) => ({
    ...order,
    targets: targets.slice(0, ROWS),
    training: part(columns, 0, ROWS),
    held: part(columns, ROWS),
  }));
  writeFileSync(file, JSON.stringify(orders));
  const printed = execFileSync(python('learners'), ['test/peers/helper/fit_tables.py', file], { maxBuffer: 2 ** 28 });
  const peers = printed.toString().trim().split('\n').map((line) => JSON.parse(line) as number[]); // prettier-ignore

  const ratios = new Map<string, number[]>();
  for (const [i, { kind, hyperparameters, extra, classes, columns, targets }] of tables.entries()) {
    const missing = extra === 'gaps';
    const features = columns.map((column) => column.slice(0, ROWS));
    const known = targets.slice(0, ROWS);
    const data =
      classes > 0
        ? { features, missing, classes, labels: Int32Array.from(known) }
        : { features, missing, targets: Float64Array.from(known) };
    const model = await trainModel({ kind, hyperparameters }, data, { seed: 1, threads: 1 });
    const rest = columns.map((column) => column.slice(ROWS));
    const answers = classes > 0 ? predictProbabilities(model, rest) : predictValues(model, rest);
    const right = targets.slice(ROWS);
    const [own, peer] = [lossOf(answers, right, classes), lossOf(peers[i], right, classes)];
    process.stdout.write(`${kind}, ${extra}, ${classes} classes: ${own.toFixed(4)} / ${peer.toFixed(4)}\n`);
    const about = `${kind} ${JSON.stringify(hyperparameters)} ${extra} ${classes}`;
    ratios.set(about, [...(ratios.get(about) ?? []), own / peer]);
    if (kind === 'ridge') answers.forEach((value, row) => expect(Math.abs(value - peers[i][row])).toBeLessThan(1e-6));
  }
  // By chance single tables differ by more.
  const means = Array.from(
    ratios,
    ([about, own]) => [about, own.reduce((sum, ratio) => sum + ratio, 0) / SEEDS] as const,
  );
  expect(means.filter(([, mean]) => mean > 1.05)).toEqual([]);
}, 3_600_000);
