import { RandomStream } from '#kit';
import { accuracyScore, errorScore, permutationImportance } from './permutation-importance.js';

const ROWS = 500;
const random = new RandomStream(2, 0);
const noise = (): Float64Array => new Float64Array(ROWS).map(() => random.below(1_000) / 1_000);
const columns = [noise(), noise()];
const labels = Uint8Array.from(columns[0], (x) => Number(x > 0.5));
/** A model that uses only the first column. */
const predict = (given: readonly Float64Array[]) =>
  Promise.resolve(Float64Array.from([...given[0]].flatMap((x) => (x > 0.5 ? [0, 1] : [1, 0]))));
const score = accuracyScore({ labels, classes: [0, 1] });
const options = { features: ['used', 'unused'], columns, score, predict, seed: 4, maxRows: ROWS, repeats: 5 };
const importance = () => permutationImportance(options);

it('finds what the model looks at', async () => {
  const [used, unused] = await importance();
  expect(used.feature).toBe('used');
  // Half of the rows keep their class by chance.
  expect(used.mean).toBeGreaterThan(0.4);
  expect(used.mean).toBeLessThan(0.6);
  expect(used.standard_deviation).toBeGreaterThan(0);
  expect(unused).toEqual({ feature: 'unused', mean: 0, standard_deviation: 0 });
});

it('leaves the columns alone and depends on the seed only', async () => {
  const before = columns.map((column) => column.slice());
  expect(await importance()).toEqual(await importance());
  expect(columns).toEqual(before);
});

it('takes rows of all classes from a file that is sorted by class', async () => {
  const sorted = [columns[0].slice().sort(), columns[1]];
  const sortedLabels = Uint8Array.from(sorted[0], (x) => Number(x > 0.5));
  const [used] = await permutationImportance({
    ...options,
    columns: sorted,
    score: accuracyScore({ labels: sortedLabels, classes: [0, 1] }),
    maxRows: 100,
  });
  expect(used.mean).toBeGreaterThan(0.4);
  expect(used.mean).toBeLessThan(0.6);
});

it('is of a regression by how much its error rises', async () => {
  const targets = columns[0].map((x) => 2 * x);
  const [used, unused] = await permutationImportance({
    ...options,
    score: errorScore({ targets }),
    predict: (given) => Promise.resolve(given[0].map((x) => 2 * x)),
  });
  // The root mean squared difference of two independent draws from 0 to 2 is 2 / sqrt(6).
  expect(used.mean).toBeGreaterThan(0.75);
  expect(used.mean).toBeLessThan(0.88);
  expect(unused).toEqual({ feature: 'unused', mean: 0, standard_deviation: 0 });
});
