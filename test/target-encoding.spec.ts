import { FeaturePipeline, type FeatureTransform, type Target } from '#features';
import { RandomStream } from '#kit';
import { predictProbabilities, trainModel } from '#learners';

const ROWS = 12_000;
const LEVELS = 1_000;
const PARTS = 5;
const random = new RandomStream(23, 0);
const noise = (): Float64Array<ArrayBuffer> => Float64Array.from({ length: ROWS }, () => random.below(LEVELS));
const coins = (): Int32Array => Int32Array.from({ length: ROWS }, () => random.below(2));

/** The share of pairs of one row of each class in whose order the second scores more: the area under the ROC curve. */
function area(scores: ArrayLike<number>, labels: Int32Array): number {
  const order = Array.from(labels, (_, row) => row).sort((a, b) => scores[a] - scores[b]);
  let above = 0;
  let zeros = 0;
  for (let i = 0; i < order.length;) {
    let end = i;
    while (end < order.length && scores[order[end]] === scores[order[i]]) end++;
    const tied = order.slice(i, end);
    const ones = tied.filter((row) => labels[row] === 1).length;
    above += ones * (zeros + (tied.length - ones) / 2);
    zeros += tied.length - ones;
    i = end;
  }
  return above / (zeros * (labels.length - zeros));
}

function featureOf(transform: FeatureTransform, x: Float64Array): Float32Array<ArrayBuffer> {
  const feature = new Float32Array(x.length);
  for (let start = 0; start < x.length; start += 1_000) {
    const rows = Math.min(1_000, x.length - start);
    feature.set(transform.compute([x], start, rows)[0].subarray(0, rows), start);
  }
  return feature;
}

/** The second class's probability by a boosting that has learnt from some rows. */
async function scoresOf(
  learnt: { feature: Float32Array<ArrayBuffer>; labels: Int32Array },
  rows: Float32Array<ArrayBuffer>,
): Promise<Float64Array> {
  const spec = { kind: 'gradient_boosting', hyperparameters: { n_estimators: 15, max_depth: 3 } } as const;
  const data = { features: [learnt.feature], labels: learnt.labels, classes: 2 };
  const probabilities = predictProbabilities(await trainModel(spec, data, { seed: 1, threads: 1 }), [rows]);
  return Float64Array.from(rows, (_, row) => probabilities[2 * row + 1]);
}

/** The same, of each row by a model of the others. */
async function crossValidated(feature: Float32Array<ArrayBuffer>, labels: Int32Array): Promise<Float64Array> {
  const scores = new Float64Array(ROWS);
  for (let part = 0; part < PARTS; part++) {
    const isOther = (_: number, row: number): boolean => row % PARTS !== part;
    const inPart = (_: number, row: number): boolean => !isOther(_, row);
    const made = await scoresOf(
      { feature: feature.filter(isOther), labels: labels.filter(isOther) },
      feature.filter(inPart),
    );
    made.forEach((score, i) => (scores[i * PARTS + part] = score));
  }
  return scores;
}

describe('a column of 1,000 levels that says nothing', () => {
  const [x, labels] = [noise(), coins()];
  const [later, laterLabels] = [noise(), coins()];
  const target: Target = { task: 'binary', classes: [0, 1], values: labels };
  const pipeline = new FeaturePipeline();
  const values = Array.from({ length: LEVELS }, (_, i) => `v${i}`);
  const fitted = pipeline.fit(
    {
      inputs: [{ name: 'x', type: 'text', nullable: false, values }],
      steps: [{ kind: 'target_encode', column: 'x' }],
      outputs: ['x'],
    },
    [x],
    target,
  );

  it('tells nothing of training rows, nor of later ones', async () => {
    const feature = featureOf(pipeline.compileForTraining(fitted, [x], target), x);
    const onTraining = area(await crossValidated(feature, labels), labels);
    const scores = await scoresOf({ feature, labels }, featureOf(pipeline.compile(fitted), later));
    const onLater = area(scores, laterLabels);
    expect([Math.abs(onTraining - 0.5), Math.abs(onLater - 0.5)].filter((distance) => distance > 0.02)).toEqual([]);
  });

  it('would tell the answers of training rows without cross-fitting', async () => {
    const feature = featureOf(pipeline.compile(fitted), x);
    expect(area(await crossValidated(feature, labels), labels)).toBeGreaterThan(0.6);
  });
});
