import { jest } from '@jest/globals';
import { FeaturePipeline } from '#features';
import { recordedRows, tinyBundle } from '#testing';
import { type Bundle, BundleError, FeatureOverflowError, OverloadedError, readBundle } from '#bundle';
import { type AnsweredRows, type InferenceObserver, UNOBSERVED } from './inference-observer.js';
import { OnnxSession } from './onnx-session.js';
import { idText } from './prediction-ids.js';
import { type InferenceOptions, type Prediction, ServedModel } from './served-model.js';

const { manifest, ...contents } = tinyBundle();
/** The bundle as if read from a folder. */
const TINY: Bundle = { ...contents, manifest: { ...manifest, files: {} as never }, directory: 'tiny/1' };
const ROWS = contents.golden.rows.map((row) => ({
  raw: contents.pipeline.inputs.map(({ name }) => row.input[name] ?? NaN),
  label: row.prediction,
  probability: Math.max(...row.probabilities),
}));

const open = (
  bundle: Bundle,
  maxPendingRows = 10_000,
  batchThreads = 1,
  engine: InferenceOptions['engine'] = 'auto',
): Promise<ServedModel> =>
  ServedModel.open(bundle, new FeaturePipeline(), { threads: 1, batchThreads, maxPendingRows, engine });
const columnsOf = (rows: readonly (readonly number[])[]): Float64Array[] =>
  rows[0].map((_, c) => Float64Array.from(rows, (row) => row[c]));

describe('ServedModel', () => {
  let model: ServedModel;
  afterEach(() => model?.close().catch(() => undefined));

  it('is described by its bundle', async () => {
    model = await open(TINY);
    expect(model.manifest).toBe(TINY.manifest);
    expect(model.inputs).toEqual(TINY.pipeline.inputs);
    expect(model.features).toEqual(['weight_kg', 'value_per_kg', 'distance_middle', 'distance_far']);
    expect(model.parity).toMatchObject({ rows: 9, max_feature_error: 0 });
  });

  it('answers the predicted class and its probability, where there are more than two', async () => {
    model = await open(TINY);
    expect(new Set(ROWS.map(({ label }) => label))).toEqual(new Set(['air', 'road', 'sea']));
    for (const { raw, label, probability } of ROWS)
      expect(await model.predict(raw)).toMatchObject({ label, probability });
  });

  it('answers the probability of the second class, where there are two', async () => {
    model = await open(await readBundle('models/random_forest/1'));
    const [yes, no] = [1, 0].map((wanted) => recordedRows().find(({ prediction }) => prediction === wanted)!);
    for (const { input, prediction, proba } of [yes, no]) {
      expect(await model.predict(Object.values(input))).toMatchObject({
        label: prediction,
        probability: Math.fround(proba[1]),
      });
    }
  });

  it.each([
    ['auto', [1]],
    ['onnxruntime', [1, 2]],
  ] as const)('opens a session for large batches only where no kernel serves: %s', async (engine, threads) => {
    const opened = jest.spyOn(OnnxSession, 'open');
    model = await open(TINY, 10_000, 2, engine);
    expect(opened.mock.calls.map(([, count]) => count)).toEqual(threads);
    opened.mockRestore();
  });

  it('lets the event loop turn between the chunks of a large batch, though a kernel answers at once', async () => {
    model = await open(TINY);
    expect(model.choice.engine).toBe('kernel');
    const rows = Array.from({ length: 5 * 1_024 }, (_, i) => ROWS[i % ROWS.length].raw);
    let [turns, isOver] = [0, false];
    const count = (): void => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await model.predictBatch(columnsOf(rows), rows.length);
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(4);
  });

  it.each([1, 2])('answers a batch as it answers each row, over several chunks, on %d threads', async (threads) => {
    model = await open(TINY, 10_000, threads);
    const rows = Array.from({ length: 2_500 }, (_, i) => ROWS[i % ROWS.length]);
    const { labels, classIndices, probabilities } = await model.predictBatch(
      columnsOf(rows.map(({ raw }) => raw)),
      2_500,
    );
    expect(Array.from(classIndices, (index) => labels[index])).toEqual(rows.map(({ label }) => label));
    expect([...probabilities]).toEqual(rows.map(({ probability }) => probability));
  });

  it('answers a single row of a kernel synchronously, and notifies its observer as for a turn', async () => {
    const observed: unknown[] = [];
    // Copied, because the argument is reused for the next row.
    const scored: InferenceObserver['scored'] = (_, answered) => observed.push(structuredClone(answered));
    const openObserved = (engine: InferenceOptions['engine']) =>
      ServedModel.open(TINY, new FeaturePipeline(), {
        threads: 1,
        maxPendingRows: 10,
        engine,
        observer: { ...UNOBSERVED, scored },
      });
    model = await openObserved('auto');
    const turns = await openObserved('onnxruntime');
    for (const [{ raw }, name] of [[ROWS[0], undefined] as const, [ROWS[1], 'mine'] as const]) {
      const single = model.predict(raw, name);
      expect(single).not.toBeInstanceOf(Promise);
      await turns.predict(raw, name);
      const [atOnce, inTurn] = observed.splice(0) as AnsweredRows[];
      expect(atOnce.ids).toHaveLength(16);
      expect(idText(Buffer.from(atOnce.ids), 0)).toBe((single as Prediction).id);
      const ofRow = { ids: undefined, values: undefined, asked: undefined };
      expect({ ...atOnce, ...ofRow }).toEqual({ ...inTurn, ...ofRow });
      expect(atOnce.asked).toEqual({ columns: raw.map((value) => Float64Array.of(value)) });
    }
    await turns.close();
  });

  it('answers a batch of no rows', async () => {
    model = await open(TINY);
    expect((await model.predictBatch(columnsOf([[0, 0, 0]]), 0)).probabilities).toHaveLength(0);
  });

  it('names every row of a batch that overflows, by its index in the whole batch', async () => {
    model = await open(TINY);
    const rows = Array.from({ length: 2_500 }, () => [1, 1, 1]);
    for (const at of [3, 1_023, 1_024, 2_499]) rows[at] = [1e39, 1, 1];
    const error: unknown = await model.predictBatch(columnsOf(rows), 2_500).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FeatureOverflowError);
    expect((error as FeatureOverflowError).message).toBe('4 feature(s) do not fit in float32');
    expect((error as FeatureOverflowError).faults).toEqual(
      [3, 1_023, 1_024, 2_499].map((row) => ({ row, feature: 'weight_kg', column: 'weight_kg', value: 1e39 })),
    );
  });

  it('keeps batches that are in progress together apart', async () => {
    model = await open(TINY);
    const batchOf = ({ raw }: { raw: number[] }) => model.predictBatch(columnsOf(Array(1_500).fill(raw)), 1_500);
    const batches = await Promise.all(ROWS.slice(0, 4).map(batchOf));
    batches.forEach(({ labels, classIndices, probabilities }, i) => {
      expect(new Set(Array.from(classIndices, (index) => labels[index]))).toEqual(new Set([ROWS[i].label]));
      expect(new Set(probabilities)).toEqual(new Set([ROWS[i].probability]));
    });
  });
});

describe('Opening a model', () => {
  const [shorter, longer] = [contents.pipeline.outputs.slice(0, 3), [...contents.pipeline.outputs, 'value_eur']];

  it.each<[string, Partial<Bundle>, string, string]>([
    [
      'fewer features than its pipeline makes',
      { pipeline: { ...TINY.pipeline, outputs: longer } },
      'model.onnx',
      'takes 4 features, but pipeline.json computes 5',
    ],
    [
      'more features than its pipeline makes',
      { pipeline: { ...TINY.pipeline, outputs: shorter } },
      'model.onnx',
      'takes 4 features, but pipeline.json computes 3',
    ],
    [
      'more classes than the manifest names',
      { manifest: { ...TINY.manifest, classes: ['air', 'road'] } },
      'model.onnx',
      'predicts 3 classes, but manifest.json names 2',
    ],
    [
      'a pipeline that contradicts itself',
      { pipeline: { ...TINY.pipeline, outputs: ['weight_kg', 'price'] } },
      'pipeline.json',
      'outputs[1] names the column "price"; known here: weight_kg, distance_km, value_eur, value_per_kg, distance_middle, distance_far',
    ],
  ])('refuses one with %s', async (_, change, file, problem) => {
    await expect(open({ ...TINY, ...change })).rejects.toThrow(
      new BundleError(`tiny/1/${file}`, problem, 'Train or import the version again'),
    );
  });

  it('refuses bytes that are no model', async () => {
    const error: unknown = await open({ ...TINY, model: Buffer.from('no model') }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BundleError);
    expect(error).toMatchObject({
      file: 'tiny/1/model.onnx',
      problem: expect.stringContaining('protobuf parsing failed'),
    });
  });

  it('refuses one that does not reproduce its golden rows', async () => {
    const rows = TINY.golden.rows.map((row, i) => (i === 3 ? { ...row, features: [9, 9, 9, 9] } : row));
    await expect(open({ ...TINY, golden: { format_version: 1, rows } })).rejects.toThrow(
      'tiny/1/golden.json: rows[3]: weight_kg: expected 9, got 1.',
    );
  });
});

describe('The bound on rows in progress', () => {
  const [{ raw, label, probability }] = ROWS;
  const batch = (rows: number): [Float64Array[], number] => [columnsOf(Array(rows).fill(raw)), rows];
  let model: ServedModel;
  beforeEach(async () => (model = await open(TINY, 10)));
  afterEach(() => model.close());

  it('admits as many as it says, and refuses the next at once', async () => {
    await model.close();
    model = await open(TINY, 10, 1, 'onnxruntime');
    const admitted = Array.from({ length: 10 }, () => Promise.resolve(model.predict(raw)));
    expect(() => model.predict(raw)).toThrow(
      new OverloadedError('10 rows are in progress, and inference.maxPendingRows (MAX_PENDING_ROWS) allows 10'),
    );
    await expect(model.predictBatch(...batch(1))).rejects.toThrow(
      new OverloadedError('10 rows are in progress, and inference.maxPendingRows (MAX_PENDING_ROWS) allows 10'),
    );
    expect(await Promise.all(admitted)).toMatchObject(Array(10).fill({ label, probability }));
  });

  it('counts no row that a kernel has answered when the next one comes', async () => {
    const answers = Array.from({ length: 30 }, () => Promise.resolve(model.predict(raw)));
    expect(await Promise.all(answers)).toMatchObject(Array(30).fill({ label, probability }));
  });

  it('counts the rows of batches', async () => {
    const admitted = model.predictBatch(...batch(8));
    await expect(model.predictBatch(...batch(3))).rejects.toThrow(
      new OverloadedError('8 rows are in progress, and inference.maxPendingRows (MAX_PENDING_ROWS) allows 10'),
    );
    const beside = model.predictBatch(...batch(2));
    expect((await admitted).probabilities).toHaveLength(8);
    expect((await beside).probabilities).toHaveLength(2);
  });

  it('admits a batch of any size where nothing is in progress', async () => {
    expect((await model.predictBatch(...batch(11))).probabilities).toHaveLength(11);
  });

  it('admits again what has been answered or refused', async () => {
    for (let round = 0; round < 5; round++) {
      await Promise.all([model.predict(raw), model.predictBatch(...batch(9))]);
      await expect(model.predict([1e39, 1, 1])).rejects.toThrow(FeatureOverflowError);
      await expect(model.predictBatch(columnsOf([[1e39, 1, 1]]), 1)).rejects.toThrow(FeatureOverflowError);
    }
  });
});

describe('Closing a model', () => {
  const [{ raw, label, probability }] = ROWS;

  it('waits for the rows in progress', async () => {
    const model = await open(TINY);
    const answered: string[] = [];
    const single = Promise.resolve(model.predict(raw)).finally(() => answered.push('single'));
    const batch = model.predictBatch(columnsOf(Array(3_000).fill(raw)), 3_000).finally(() => answered.push('batch'));
    await model.close();
    expect(answered.sort()).toEqual(['batch', 'single']);
    expect(await single).toMatchObject({ label, probability });
    expect((await batch).probabilities[2_999]).toBe(probability);
  });

  it('frees the session: nothing is answered afterwards', async () => {
    const model = await open(TINY);
    await model.close();
    await expect(model.predict(raw)).rejects.toThrow('The model failed');
  });
});
