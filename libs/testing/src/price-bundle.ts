import { type Golden, type NewBundle, writeAliases, writeBundle } from '#bundle';
import { COMPARISON, ensembleMargins, ensembleRegressor, type TreeEnsemble } from '#onnx';
import { TINY_RECIPE, tinyBundle } from './tiny-bundle.js';

/** The price of a parcel: two trees, on weight and on distance. */
const PRICES: TreeEnsemble = {
  features: TINY_RECIPE.outputs.length,
  outputs: 1,
  input: 'float32',
  feature: Int32Array.of(0, 0, 0, 3, 0, 0),
  threshold: Float64Array.of(0.5, 0, 0, 0.5, 0, 0),
  comparison: new Uint8Array(6).fill(COMPARISON.atMost),
  missingLeft: new Uint8Array(6),
  left: Int32Array.of(1, -1, -1, 4, -1, -1),
  right: Int32Array.of(2, 0, 1, 5, 2, 3),
  cover: new Float64Array(0),
  setStart: new Int32Array(0),
  setCodes: new Int32Array(0),
  roots: Int32Array.of(0, 3),
  firstOutput: Int32Array.of(0, 0),
  leafWidth: 1,
  leafValues: Float64Array.of(-0.375, 1.5, -2, 1e6),
  baseValues: Float64Array.of(20.1),
  join: 'sum',
  link: 'identity',
};

/** The tiny parcels as a regression: the bundle, not yet written. */
export function priceBundle(version = '1'): NewBundle {
  const { manifest, golden, ...rest } = tinyBundle({ name: 'prices', version });
  const rows = golden.rows.map(({ input, features }) => ({
    input,
    features,
    probabilities: [],
    prediction: ensembleMargins(PRICES, features as number[])[0],
  }));
  return {
    ...rest,
    manifest: {
      ...manifest,
      algorithm: 'gradient_boosting',
      task: 'regression',
      classes: [],
      metrics: { test_rmse: 0.5 },
    },
    golden: { format_version: 1, rows } satisfies Golden,
    model: ensembleRegressor(PRICES),
  };
}

/** Writes it into a models folder as champion. @returns rows with the expected answers */
export async function writePriceBundle(modelsDirectory: string): Promise<Golden['rows']> {
  const bundle = priceBundle();
  await writeBundle(modelsDirectory, bundle);
  await writeAliases(modelsDirectory, bundle.manifest.name, { champion: bundle.manifest.version });
  return bundle.golden.rows;
}
