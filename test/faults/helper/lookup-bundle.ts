import { FeaturePipeline } from '#features';
import { baselineOf, type NewBundle, writeAliases, writeBundle } from '#bundle';
import { attribute, floatTensor, node, serializeClassifier } from '#onnx';
import { runOnnx } from '#testing';

/** What the lookup model answers to `index` 0, 1, 2 and 3; beyond, ONNX Runtime throws. */
const TABLE = [0.25, 0.75, Infinity, NaN];

const table = floatTensor('table', [TABLE.length], TABLE);
const one = floatTensor('one', [], [1]);
const INPUTS = [{ name: 'index', type: 'integer', minimum: 0, maximum: 9, nullable: false }] as const;

/**
 * A model that looks its probability up in a table of four: proven by its golden rows 0 and 1, it answers Infinity to 2,
 * NaN to 3, and throws at 4 to 9.
 */
export async function writeLookupBundle(models: string): Promise<void> {
  const rows = [{ index: 0 }, { index: 1 }];
  const model = serializeClassifier({
    name: 'lookup',
    features: 1,
    classes: ['no', 'yes'],
    initializer: [table, one],
    node: [
      node('Cast', ['features'], ['at'], [attribute.int('to', 7)]),
      node('Gather', ['table', 'at'], ['yes']),
      node('Sub', ['one', 'yes'], ['no']),
      node('Concat', ['no', 'yes'], ['probabilities'], [attribute.int('axis', 1)]),
    ],
  });
  const answers = await runOnnx(model, [[0], [1]]);
  const bundle: NewBundle = {
    manifest: {
      format_version: 1,
      name: 'lookup',
      version: '1',
      algorithm: 'lookup',
      hyperparameters: {},
      metrics: {},
      train_samples: null,
      test_samples: null,
      timestamp: '2026-01-02T03:04:05.000Z',
      classes: ['no', 'yes'],
      lineage: { source: 'test/faults/helper/lookup-bundle.ts' },
    },
    pipeline: new FeaturePipeline().fit({ inputs: INPUTS, steps: [], outputs: ['index'] }, [Float64Array.of(0, 1)]),
    golden: {
      format_version: 1,
      rows: rows.map((input, i) => ({
        input,
        features: [input.index],
        probabilities: answers[i].probabilities,
        prediction: answers[i].label,
      })),
    },
    baseline: baselineOf(INPUTS, rows),
    model,
  };
  await writeBundle(models, bundle);
  await writeAliases(models, 'lookup', { champion: '1' });
}
