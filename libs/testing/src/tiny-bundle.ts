import { FeaturePipeline, type PipelineRecipe } from '#features';
import { type Forest, forestProbabilities, forestToOnnx } from '#learners';
import {
  baselineOf,
  type Golden,
  type GoldenRow,
  type NewBundle,
  packTensorBundle,
  writeAliases,
  writeBundle,
} from '#bundle';
import { TensorModel } from '#runtime';
import type { RawColumn } from '#schema';

/**
 * A second model, as unlike the default one as a small one can be: how a parcel travels. It has three string classes, a
 * nullable column, and a forest of two trees that fits on a screen.
 */
export const TINY_RECIPE: PipelineRecipe = {
  inputs: [
    { name: 'weight_kg', type: 'float', minimum: 0, maximum: 1000, nullable: false, example: 2.5 },
    { name: 'distance_km', type: 'integer', minimum: 1, maximum: 20_000, nullable: false, example: 800 },
    { name: 'value_eur', type: 'float', minimum: 0, nullable: true, example: 99.5 },
  ],
  steps: [
    { kind: 'impute', column: 'value_eur' },
    { kind: 'ratio', numerator: 'value_eur', denominator: 'weight_kg', offset: 1, output: 'value_per_kg' },
    {
      kind: 'bins',
      column: 'distance_km',
      edges: [0, 500, 3000, 20_000],
      outputs: ['distance_middle', 'distance_far'],
    },
    { kind: 'standardize', columns: ['weight_kg'] },
  ],
  outputs: ['weight_kg', 'value_per_kg', 'distance_middle', 'distance_far'],
};

/** Fitting imputes value_eur with 60, and scales weight_kg to (x - 2) / 2. */
export const TINY_ROWS: readonly Readonly<Record<string, number | null>>[] = [
  { weight_kg: 0, distance_km: 100, value_eur: 10 },
  { weight_kg: 0, distance_km: 9000, value_eur: null },
  { weight_kg: 4, distance_km: 1000, value_eur: 50 },
  { weight_kg: 4, distance_km: 9000, value_eur: 120 },
];

/**
 * The first tree splits by distance, then weight; the second by value per kilogram, then by medium distance. Shares are
 * quarters, so every probability is exact in float32.
 */
export const TINY_FOREST: Forest = {
  classes: ['air', 'road', 'sea'],
  feature_names: TINY_RECIPE.outputs,
  trees: [
    {
      feature: [3, -2, 0, -2, -2],
      threshold: [0.5, -2, 0, -2, -2],
      left: [1, -1, 3, -1, -1],
      right: [2, -1, 4, -1, -1],
      value: [
        [0.25, 0.5, 0.25],
        [0, 1, 0],
        [0.5, 0, 0.5],
        [0.75, 0, 0.25],
        [0, 0, 1],
      ],
    },
    {
      feature: [1, 2, -2, -2, -2],
      threshold: [24.5, 0.5, -2, -2, -2],
      left: [1, 2, -1, -1, -1],
      right: [4, 3, -1, -1, -1],
      value: [
        [0.5, 0.25, 0.25],
        [0.25, 0.25, 0.5],
        [0.25, 0.25, 0.5],
        [0, 1, 0],
        [1, 0, 0],
      ],
    },
  ],
};

type TinyRow = GoldenRow<number | null>;

/** Inputs that reach every leaf, every class, both sides of a bin's edge, and the imputed value. */
const GOLDEN_INPUTS: TinyRow['input'][] = [
  ...TINY_ROWS,
  { weight_kg: 2, distance_km: 500, value_eur: 300 },
  { weight_kg: 2, distance_km: 501, value_eur: 73.5 },
  { weight_kg: 2, distance_km: 3000, value_eur: null },
  { weight_kg: 2, distance_km: 3001, value_eur: null },
  { weight_kg: 1000, distance_km: 20_000, value_eur: 0 },
];

export interface TinyBundleOptions {
  /** The model's folder; `tiny` when not given. */
  readonly name?: string;
  /** `1` when not given. */
  readonly version?: string;
  /** {@link TINY_FOREST} when not given. */
  readonly forest?: Forest;
  /** Properties of the pipeline's table. */
  readonly table?: Pick<PipelineRecipe, 'missing' | 'unused'>;
}

/** The same forest with the classes rotated: it answers every row with another class. */
export const TURNED_FOREST: Forest = {
  ...TINY_FOREST,
  trees: TINY_FOREST.trees.map((tree) => ({ ...tree, value: tree.value.map(([air, road, sea]) => [sea, air, road]) })),
};

/** A new column of each raw input, NaN for null. */
function columnsOf(rows: readonly TinyRow['input'][]): Float64Array[] {
  return TINY_RECIPE.inputs.map(({ name }) => Float64Array.from(rows, (row) => row[name] ?? NaN));
}

/** The bundle, not yet written, for tests that modify it first. */
export function tinyBundle({ name = 'tiny', version = '1', forest = TINY_FOREST, table }: TinyBundleOptions = {}): Omit<
  NewBundle,
  'golden'
> & { readonly golden: Golden<number | null> } {
  const interpreter = new FeaturePipeline();
  const pipeline = interpreter.fit({ ...TINY_RECIPE, ...table }, columnsOf(TINY_ROWS));
  const columns = interpreter.compile(pipeline).compute(columnsOf(GOLDEN_INPUTS), 0, GOLDEN_INPUTS.length);
  const rows = GOLDEN_INPUTS.map((input, i) => {
    const features = columns.map((column) => column[i]);
    const probabilities = forestProbabilities(forest, features);
    const winner = probabilities.indexOf(Math.max(...probabilities));
    return { input, features, probabilities, prediction: forest.classes[winner] };
  });
  return {
    manifest: {
      format_version: 1,
      name,
      version,
      algorithm: 'random_forest',
      hyperparameters: { n_estimators: 2 },
      metrics: { test_accuracy: 0.75 },
      train_samples: TINY_ROWS.length,
      test_samples: null,
      timestamp: '2026-01-02T03:04:05.000Z',
      classes: TINY_FOREST.classes,
      lineage: { source: 'libs/testing/src/tiny-bundle.ts' },
    },
    pipeline,
    golden: { format_version: 1, rows },
    baseline: baselineOf(TINY_RECIPE.inputs, TINY_ROWS),
    model: forestToOnnx(forest),
  };
}

export interface TinyBundle {
  /** `<modelsDirectory>/<name>/<version>` */
  readonly directory: string;
  /** Rows to send, with the expected answers: the probability is the largest of `probabilities`. */
  readonly rows: readonly TinyRow[];
}

/**
 * Writes the tiny model into a models folder as champion.
 *
 * @param modelsDirectory created when it does not exist; for example that of `temporaryFolder`
 */
export async function writeTinyBundle(modelsDirectory: string, options: TinyBundleOptions = {}): Promise<TinyBundle> {
  const bundle = tinyBundle(options);
  const directory = await writeBundle(modelsDirectory, bundle);
  await writeAliases(modelsDirectory, bundle.manifest.name, { champion: bundle.manifest.version });
  return { directory, rows: bundle.golden.rows };
}

/** The same as version 2, except that `value_eur` is an integer or missing. @returns the rows that it accepts */
export async function writeWholeNumberBundle(modelsDirectory: string): Promise<TinyBundle> {
  const bundle = tinyBundle({ version: '2' });
  const inputs = bundle.pipeline.inputs.map((input) =>
    input.name === 'value_eur' ? ({ ...input, type: 'integer', example: 99 } as RawColumn) : input,
  );
  const rows = bundle.golden.rows.filter(({ input }) => Number.isInteger(input.value_eur ?? 0));
  const directory = await writeBundle(modelsDirectory, {
    ...bundle,
    pipeline: { ...bundle.pipeline, inputs },
    golden: { ...bundle.golden, rows },
  });
  await writeAliases(modelsDirectory, bundle.manifest.name, { champion: bundle.manifest.version });
  return { directory, rows };
}

/** Runs an ONNX classifier once: its answer to each row of features, its own label included. */
export async function runOnnx(
  bytes: Uint8Array,
  rows: readonly (readonly number[])[],
): Promise<{ label: number | string; probabilities: number[] }[]> {
  const manifest = { format_version: 1, kind: 'tensor', name: 'once', version: '1', labels: 'model' } as const;
  const bundle = { ...packTensorBundle({ manifest, model: bytes }), directory: 'nowhere', model: bytes };
  const model = await TensorModel.open(bundle, { threads: 1, maxPendingRows: rows.length });
  const shape = [rows.length, rows[0].length];
  const features = { name: 'features', datatype: 'FP32', shape, data: Float32Array.from(rows.flat()) } as const;
  const [label, probabilities] = await model.infer([features], ['label', 'probabilities']);
  await model.close();
  const classes = probabilities.shape[1];
  const shares = [...(probabilities.data as Float32Array)];
  return Array.from(label.data as ArrayLike<bigint | string>, (own, i) => ({
    label: typeof own === 'bigint' ? Number(own) : own,
    probabilities: shares.slice(i * classes, (i + 1) * classes),
  }));
}
