import { FeaturePipeline } from '#features';
import { priceBundle, tinyBundle } from '#testing';
import type { Bundle, NewBundle } from '#bundle';
import { decisionOf } from './decision.js';
import { replayGolden, type ParityReport } from './parity.js';
import { ServedModel } from './served-model.js';
import { OnnxSession } from './onnx-session.js';

const asRead = (bundle: NewBundle): Bundle => ({
  ...bundle,
  manifest: { ...bundle.manifest, files: {} as never },
  directory: 'models/1',
});

async function replay(bundle: Bundle): Promise<ParityReport> {
  const session = await OnnxSession.open(bundle.model, 1);
  return replayGolden(bundle, new FeaturePipeline().compile(bundle.pipeline), session).finally(() => session.release());
}

describe('decisionOf', () => {
  const scores = Float32Array.of(9, 0.75, 0.25, 0.5, 0.5);

  it('takes the most probable class, the first of equals', () => {
    const decide = decisionOf({ classes: ['no', 'yes'] });
    expect([decide(scores, 1), decide(scores, 3)]).toEqual([0, 0]);
  });

  it.each([
    [0.25, 1, 1],
    [0.26, 0, 1],
    [0.5, 0, 1],
    [0.51, 0, 0],
  ])('takes the second class from the threshold %d on', (threshold, first, second) => {
    const decide = decisionOf({ classes: ['no', 'yes'], threshold });
    expect([decide(scores, 1), decide(scores, 3)]).toEqual([first, second]);
  });
});

describe('the proof of a regression', () => {
  const bundle = asRead(priceBundle());
  const shifted = (by: number, tolerance?: number): Bundle => ({
    ...bundle,
    manifest: { ...bundle.manifest, ...(tolerance && { proof: { answered_by: 'source', tolerance } }) },
    golden: {
      ...bundle.golden,
      rows: bundle.golden.rows.map((row) => ({ ...row, prediction: Number(row.prediction) * (1 + by) })),
    },
  });

  it('allows 1e-9 of a number, or what the manifest says, and no more', async () => {
    expect(await replay(bundle)).toEqual({ rows: 9, max_feature_error: 0, max_prediction_error: 0 });
    expect((await replay(shifted(1e-10))).max_prediction_error).toBeCloseTo(1e-10, 12);
    await expect(replay(shifted(1e-6))).rejects.toThrow('prediction: expected');
    expect((await replay(shifted(1e-6, 1e-5))).max_prediction_error).toBeCloseTo(1e-6, 8);
    await expect(replay(shifted(1e-4, 1e-5))).rejects.toThrow('prediction: expected');
  });

  it('refuses a label, and a model of another task', async () => {
    const rows = bundle.golden.rows.map((row) => ({ ...row, prediction: 'dear' }));
    await expect(replay({ ...bundle, golden: { ...bundle.golden, rows } })).rejects.toThrow('expected dear');
    const options = { threads: 1, maxPendingRows: 10 };
    await expect(
      ServedModel.open({ ...bundle, model: tinyBundle().model }, new FeaturePipeline(), options),
    ).rejects.toThrow('predicts 3 classes, but manifest.json names 0');
    const classes = asRead(tinyBundle());
    await expect(ServedModel.open({ ...classes, model: bundle.model }, new FeaturePipeline(), options)).rejects.toThrow(
      'predicts a number, but manifest.json names 3',
    );
  });
});

it('the proof of two classes knows their threshold', async () => {
  const forest = {
    classes: ['no', 'yes'],
    feature_names: ['a', 'b', 'c', 'd'],
    trees: [{ feature: [-2], threshold: [-2], left: [-1], right: [-1], value: [[0.7, 0.3]] }],
  };
  const whole = asRead(tinyBundle({ forest }));
  const with30 = (threshold: number, prediction: string): Bundle => ({
    ...whole,
    manifest: { ...whole.manifest, classes: ['no', 'yes'], threshold },
    golden: { ...whole.golden, rows: whole.golden.rows.map((row) => ({ ...row, prediction })) },
  });
  expect(await replay(with30(0.25, 'yes'))).toMatchObject({ rows: 9, labels_differing: 0 });
  await expect(replay(with30(0.25, 'no'))).rejects.toThrow('prediction: expected no, got yes');
  expect(await replay(with30(0.3, 'no'))).toMatchObject({ labels_differing: 9 });
});
