import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#kit';
import { FeaturePipeline, type FittedPipeline } from '#features';
import { forestProbabilities } from '#learners';
import { readForestDump, readTrainingRows } from '#importers';
import { evaluateClassifier } from '#statistics';

const golden = (file: string): string => join(projectRoot(), 'test/fixtures/golden', file);
const json = async (path: string) => JSON.parse(await readFile(path, 'utf8'));

it("scores the original's forest on the original's test rows as the original did", async () => {
  const dump = await readForestDump(golden('forest.json'));
  const { test } = await json(golden('split.json'));
  const rows = await readTrainingRows(golden('dataset.csv'), test);
  const pipeline: FittedPipeline = await json(join(projectRoot(), 'models/random_forest/1/pipeline.json'));
  const transform = new FeaturePipeline().compile(pipeline);
  const raw = transform.inputs.map(({ name }) => Float64Array.from(rows, (row) => row[name] ?? NaN));
  const columns = transform.compute(raw, 0, rows.length);

  const { metrics } = evaluateClassifier({
    labels: Uint8Array.from(rows, ({ target }) => target!),
    probabilities: Float64Array.from(
      rows.flatMap((_, i) =>
        forestProbabilities(
          dump,
          columns.map((column) => column[i]),
        ),
      ),
    ),
    classes: dump.classes,
    seed: 42,
    resamples: 0,
  });

  const recorded = (await json(golden('original_metadata.json'))).metrics;
  for (const name of ['accuracy', 'precision', 'recall', 'f1', 'roc_auc'] as const) {
    expect([name, metrics[name]]).toEqual([name, expect.closeTo(recorded[`test_${name}`], 14)]);
  }
});
