import { FeaturePipeline } from '#features';
import { tinyBundle } from '#testing';
import { type Bundle, BundleError, type GoldenRow, readBundle } from '#bundle';
import { OnnxSession } from './onnx-session.js';
import { type ParityReport, replayGolden } from './parity.js';

const pipeline = new FeaturePipeline();

async function replay(bundle: Bundle): Promise<ParityReport> {
  const session = await OnnxSession.open(bundle.model, 1);
  return replayGolden(bundle, pipeline.compile(bundle.pipeline), session).finally(() => session.release());
}

/** The tiny bundle, as if read from a folder, with one golden row changed. */
function tinyWith(at: number, change: Partial<GoldenRow>): Bundle {
  const { manifest, golden, ...rest } = tinyBundle();
  const rows = golden.rows.map((row, i) => (i === at ? { ...row, ...change } : row));
  return { ...rest, manifest: { ...manifest, files: {} as never }, golden: { ...golden, rows }, directory: 'tiny/1' };
}

const ROW = tinyBundle().golden.rows[5];

async function expectRefusal(bundle: Bundle, problem: string): Promise<void> {
  await expect(replay(bundle)).rejects.toThrow(
    new BundleError(
      'tiny/1/golden.json',
      problem,
      'The version does not reproduce its golden rows: train or import it again',
    ),
  );
}

describe('replayGolden', () => {
  it('finds no difference where sums are exact', async () => {
    expect(await replay(tinyWith(0, {}))).toEqual({
      rows: 9,
      max_feature_error: 0,
      max_probability_error: 0,
      labels_differing: 0,
    });
  });

  it('reports how far the default model is from what scikit-learn computed', async () => {
    const report = await replay(await readBundle('models/random_forest/1'));
    expect(report).toMatchObject({ rows: 256, labels_differing: 0 });
    expect(report.max_feature_error).toBeLessThan(1e-12);
    expect(report.max_probability_error).toBeLessThan(1e-6);
    expect(report.max_probability_error).toBeGreaterThan(0);
  });

  it('replays more rows than one chunk holds, and names the row that differs among all', async () => {
    const bundle = tinyWith(0, {});
    const rows = Array.from({ length: 2_000 }, (_, i) => bundle.golden.rows[i % 9]);
    expect(await replay({ ...bundle, golden: { ...bundle.golden, rows } })).toMatchObject({ rows: 2_000 });
    rows[1_999] = { ...rows[1_999], features: [...rows[1_999].features.slice(0, 3), 7] };
    await expectRefusal(
      { ...bundle, golden: { ...bundle.golden, rows } },
      'rows[1999]: distance_far: expected 7, got 1',
    );
  });

  it('takes a row as it was recorded', () => {
    expect(ROW).toEqual({
      input: { weight_kg: 2, distance_km: 501, value_eur: 73.5 },
      features: [0, 24.5, 1, 0],
      probabilities: [0, 1, 0],
      prediction: 'road',
    });
  });

  it('names the feature that differs, expected and got', async () => {
    await expectRefusal(tinyWith(5, { features: [0, 24.75, 1, 0] }), 'rows[5]: value_per_kg: expected 24.75, got 24.5');
  });

  it('allows a feature to differ by 1e-12 of it and no more', async () => {
    const shifted = 24.5 * (1 + 2e-12);
    await expectRefusal(
      tinyWith(5, { features: [0, shifted, 1, 0] }),
      `rows[5]: value_per_kg: expected ${shifted}, got 24.5`,
    );
    const report = await replay(tinyWith(5, { features: [0, 24.5 * (1 + 5e-13), 1, 0] }));
    expect(report.max_feature_error).toBeCloseTo(5e-13, 15);
  });

  it('names a feature that is missing because an input is absent', async () => {
    await expectRefusal(
      tinyWith(5, { input: { distance_km: 501, value_eur: 73.5 } }),
      'rows[5]: weight_kg: expected 0, got NaN',
    );
  });

  it('fills a null as the pipeline does', async () => {
    const input = { weight_kg: 2, distance_km: 501, value_eur: null };
    await expectRefusal(tinyWith(5, { input }), 'rows[5]: value_per_kg: expected 24.5, got 20');
    expect(await replay(tinyWith(5, { input, features: [0, 20, 1, 0] }))).toMatchObject({ max_feature_error: 0 });
  });

  it('names the probability that differs, expected and got', async () => {
    await expectRefusal(
      tinyWith(5, { probabilities: [0, 0.5, 0.5] }),
      'rows[5]: probability of road: expected 0.5, got 1',
    );
  });

  it('allows a probability to differ by 1e-6 and no more', async () => {
    await expectRefusal(
      tinyWith(5, { probabilities: [0, 0.999998, 0] }),
      'rows[5]: probability of road: expected 0.999998, got 1',
    );
    const report = await replay(tinyWith(5, { probabilities: [0, 0.9999995, 0] }));
    expect(report.max_probability_error).toBeCloseTo(5e-7, 9);
  });

  it('refuses fewer features and fewer probabilities than there are', async () => {
    await expectRefusal(tinyWith(5, { features: [0, 24.5, 1] }), 'rows[5]: number of features: expected 3, got 4');
    await expectRefusal(tinyWith(5, { probabilities: [0, 1] }), 'rows[5]: number of classes: expected 2, got 3');
  });
  it('refuses more features than there are', () =>
    expect(replay(tinyWith(5, { features: [0, 24.5, 1, 0, 99] }))).rejects.toThrow(BundleError));
  it('names the prediction that differs, expected and got', () =>
    expectRefusal(tinyWith(5, { prediction: 'air' }), 'rows[5]: prediction: expected air, got road'));

  it('refuses a prediction that is no class', async () => {
    await expectRefusal(tinyWith(5, { prediction: 'rail' }), 'rows[5]: prediction: expected rail, got road');
  });

  it('accepts a tie that was decided otherwise, and counts it', async () => {
    const input = { weight_kg: 4, distance_km: 9000, value_eur: 300 };
    const tie = { input, features: [1, 60, 0, 1], probabilities: [0.5, 0, 0.5] };
    expect(await replay(tinyWith(5, { ...tie, prediction: 'air' }))).toMatchObject({ labels_differing: 0 });
    expect(await replay(tinyWith(5, { ...tie, prediction: 'sea' }))).toMatchObject({ labels_differing: 1 });
  });
});
