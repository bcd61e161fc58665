import { RandomStream } from '#kit';
import {
  type LearnerSpec,
  predictProbabilities,
  predictValues,
  type RowSides,
  trainModel,
  tune,
  type WantedLearner,
} from '../index.js';

const ONCE = { seed: 1, threads: 1 };
const BOOSTING = { kind: 'gradient_boosting' } as const;

/** Few rows, of which two columns explain a little and the others nothing: overfitting is punished. */
function noisyData(rows: number, seed: number) {
  const random = new RandomStream(seed, 9);
  const features = Array.from({ length: 8 }, () => Float32Array.from({ length: rows }, () => random.uniform()));
  const noise = (): number => random.uniform() + random.uniform() - 1;
  const targets = Float64Array.from(features[0], (x, i) => x + 0.5 * features[1][i] + noise());
  return { features, targets, labels: Int32Array.from(targets, (target) => Number(target > 0.75)) };
}

describe('tune', () => {
  const { features, targets, labels } = noisyData(300, 0);
  const unseen = noisyData(2_000, 1);

  it('lowers the loss of rows that it has not seen: of numbers', async () => {
    const loss = async (spec: LearnerSpec): Promise<number> => {
      const predicted = predictValues(await trainModel(spec, { features, targets }, ONCE), unseen.features);
      return predicted.reduce((sum, value, i) => sum + (value - unseen.targets[i]) ** 2, 0) / predicted.length;
    };
    const [plain, tuned] = [await loss(BOOSTING), await loss(await tune(BOOSTING, { features, targets }, ONCE))];
    expect(tuned).toBeLessThan(0.9 * plain);
  });

  it('and of classes', async () => {
    const data = { features, labels, classes: 2 };
    const loss = async (spec: LearnerSpec): Promise<number> => {
      const shares = predictProbabilities(await trainModel(spec, data, ONCE), unseen.features);
      return unseen.labels.reduce((sum, label, i) => sum - Math.log(shares[2 * i + label]), 0) / unseen.labels.length;
    };
    const [plain, tuned] = [await loss(BOOSTING), await loss(await tune(BOOSTING, data, ONCE))];
    expect(tuned).toBeLessThan(0.9 * plain);
  });

  it('tells how many of the models to compare are trained', async () => {
    const progress: [number, number][] = [];
    const onProgress = (done: number, total: number): void => void progress.push([done, total]);
    const few = noisyData(60, 2);
    await tune({ kind: 'auto' }, { features: few.features, targets: few.targets }, { ...ONCE, onProgress });
    // Three boosting candidates on fifteen folds, as so few rows are split three times, and three forests on five.
    expect(progress).toEqual(Array.from({ length: 60 }, (_, i) => [i + 1, 60]));
  });

  it('chooses the same again, and leaves what is given', async () => {
    const data = { features, targets };
    const given = { kind: 'gradient_boosting', hyperparameters: { max_depth: 3, learning_rate: 0.2 } } as const;
    const chosen = await tune(given, data, ONCE);
    expect(chosen).toEqual(await tune(given, data, ONCE));
    expect(chosen.hyperparameters).toMatchObject({ max_depth: 3, learning_rate: 0.2 });
    const rounds = { kind: 'gradient_boosting', hyperparameters: { n_estimators: 7 } } as const;
    expect((await tune(rounds, data, ONCE)).hyperparameters).toMatchObject({ n_estimators: 7 });
  });

  it('chooses between learners: boosting of a sum, a forest where columns say something together only', async () => {
    const random = new RandomStream(3, 9);
    const columns = Array.from({ length: 6 }, () => Float32Array.from({ length: 150 }, () => 2 * random.uniform() - 1));
    const [a, b, c] = columns;
    const auto = { kind: 'auto' } as const;
    const sums = Int32Array.from(a, (x, i) => Number(x + b[i] + c[i] > 0));
    const ofSums = { features: columns, labels: sums, classes: 2 };
    expect((await tune(auto, ofSums, ONCE)).kind).toBe('gradient_boosting');
    const parities = Int32Array.from(a, (x, i) => Number(x * b[i] * c[i] > 0));
    const ofParities = { features: columns, labels: parities, classes: 2 };
    expect((await tune(auto, ofParities, ONCE)).kind).toBe('random_forest');
  });

  it('leaves no hyperparameters to give where it chooses the learner', async () => {
    const given = { kind: 'auto', hyperparameters: { max_depth: 3 } } as unknown as WantedLearner;
    await expect(tune(given, { features, targets }, ONCE)).rejects.toThrow('name a learner to give some');
  });

  it('leaves other learners as they are, and one that stops by itself', async () => {
    const data = { features, targets };
    const forest = { kind: 'random_forest' } as const;
    expect(await tune(forest, data, ONCE)).toBe(forest);
    const stopping = { kind: 'gradient_boosting', hyperparameters: { validation_share: 0.2 } } as const;
    expect(await tune(stopping, data, ONCE)).toBe(stopping);
  });

  it('ends when it is told to', async () => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(tune(BOOSTING, { features, targets }, { ...ONCE, signal })).rejects.toBe(reason);
  });

  it('does not take for known what the rows of a held-out group alone tell', async () => {
    const random = new RandomStream(4, 9);
    const groups = Float64Array.from({ length: 300 }, (_, row) => Math.floor(row / 10));
    const marks = Array.from({ length: 30 }, () => random.uniform());
    const classes = Array.from({ length: 30 }, () => Number(random.uniform() < 0.5));
    const data = {
      features: [Float32Array.from(groups, (group) => marks[group])],
      labels: Int32Array.from(groups, (group) => classes[group]),
      classes: 2,
    };
    const roundsBy = async (sides?: RowSides): Promise<number> =>
      ((await tune(BOOSTING, data, { ...ONCE, sides })).hyperparameters as { n_estimators: number }).n_estimators;
    expect(await roundsBy()).toBe(400);
    expect(await roundsBy({ by: 'group', values: groups })).toBeLessThan(20);
    // A single group separates nothing.
    expect(await roundsBy({ by: 'group', values: new Float64Array(300) })).toBe(400);
  });

  it('holds out what comes later, not what stands between', async () => {
    const random = new RandomStream(5, 9);
    const times = Float64Array.from({ length: 300 }, (_, row) => row);
    // The class changes every 20 time units: it can be predicted within such a span, not beyond.
    const labels = Int32Array.from(times, (time) => Math.floor(time / 20) % 2);
    const data = {
      features: [Float32Array.from(times), Float32Array.from(times, () => random.uniform())],
      labels,
      classes: 2,
    };
    const roundsBy = async (sides?: RowSides): Promise<number> =>
      ((await tune(BOOSTING, data, { ...ONCE, sides })).hyperparameters as { n_estimators: number }).n_estimators;
    expect(await roundsBy({ by: 'time', values: times })).toBeLessThan(0.2 * (await roundsBy()));
  });
});
