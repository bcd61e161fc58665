import { type NewBundle, writeAliases, writeBundle } from '#bundle';
import { COMPARISON, ensembleRegressor, type TreeEnsemble } from '#onnx';
import { priceBundle, temporaryFolder, TINY_RECIPE } from '#testing';
import { boot, type RunningApi } from './helper/boot.js';

/** The feature of a parcel of so many kilograms: what fitting has learnt of the tiny rows. */
const feature = (weight: number): number => (weight - 2) / 2;
const [LIGHT, HEAVY] = [2.2, 2.2 + 2 ** -51];

/** One question, which only float64 answers: whether a parcel is heavier than 2.2 kg. */
const TREE: TreeEnsemble = {
  features: TINY_RECIPE.outputs.length,
  outputs: 1,
  input: 'float64',
  feature: Int32Array.of(0, 0, 0),
  threshold: Float64Array.of(feature(LIGHT), 0, 0),
  comparison: new Uint8Array(3).fill(COMPARISON.atMost),
  missingLeft: new Uint8Array(3),
  left: Int32Array.of(1, -1, -1),
  right: Int32Array.of(2, 0, 1),
  cover: new Float64Array(0),
  setStart: new Int32Array(0),
  setCodes: new Int32Array(0),
  roots: Int32Array.of(0),
  firstOutput: Int32Array.of(0),
  leafWidth: 1,
  leafValues: Float64Array.of(10, 20),
  baseValues: Float64Array.of(0),
  join: 'sum',
  link: 'identity',
};

function exactBundle(): NewBundle {
  const { manifest, pipeline, golden, ...rest } = priceBundle();
  const rows = golden.rows.map((row) => ({
    ...row,
    prediction: (row.features[0] ?? 0) <= TREE.threshold[0] ? 10 : 20,
  }));
  return {
    ...rest,
    manifest: { ...manifest, name: 'exact' },
    pipeline: { ...pipeline, format_version: 2, feature_dtype: 'float64' },
    golden: { format_version: 1, rows },
    model: ensembleRegressor(TREE),
  };
}

describe('A model that takes its features as float64', () => {
  let api: RunningApi;
  const models = temporaryFolder();
  const parcel = (weight_kg: number) => ({ weight_kg, distance_km: 800, value_eur: null });
  beforeAll(async () => {
    await writeBundle(models, exactBundle());
    await writeAliases(models, 'exact', { champion: '1' });
    api = await boot({ MODELS_DIR: models, DEFAULT_MODEL: 'exact' });
  });
  afterAll(() => api.close());

  it('is asked where float32 would not tell two rows apart', () => {
    expect(feature(HEAVY)).toBeGreaterThan(feature(LIGHT));
    expect(Math.fround(feature(HEAVY))).toBe(Math.fround(feature(LIGHT)));
  });

  it('tells them apart alone, in a batch, as CSV and as a tensor', async () => {
    for (const [weight, price] of [
      [LIGHT, 10],
      [HEAVY, 20],
    ])
      expect((await api.post('/predict', parcel(weight))).body.prediction).toBe(price);
    const instances = Array.from({ length: 300 }, (_, i) => parcel(i % 2 === 0 ? LIGHT : HEAVY));
    const expected = instances.map((_, i) => (i % 2 === 0 ? 10 : 20));
    const batch = await api.post('/predict/batch', { instances });
    expect((batch.body.predictions as { prediction: number }[]).map(({ prediction }) => prediction)).toEqual(expected);
    const csv = `weight_kg,distance_km,value_eur\n${LIGHT},800,\n${HEAVY},800,\n`;
    const { text } = await api.post('/predict/batch', csv, { 'content-type': 'text/csv' });
    expect(
      text
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => Number(line.split(',')[0])),
    ).toEqual([10, 20]);
    const tensor = (name: string, datatype: string, data: number[]) => ({ name, datatype, shape: [2], data });
    const infer = await api.post('/v2/models/exact/infer', {
      inputs: [
        tensor('weight_kg', 'FP64', [LIGHT, HEAVY]),
        tensor('distance_km', 'INT64', [800, 800]),
        tensor('value_eur', 'FP64', [1, 1]),
      ],
    });
    expect(infer.body.outputs[0].data).toEqual([10, 20]);
  });
});
