import { CHUNK_ROWS, FeaturePipeline } from '#features';
import { tinyBundle } from '#testing';
import { FeatureOverflowError } from '#bundle';
import { OnnxSession } from './onnx-session.js';
import { Scorer } from './scorer.js';
import { TurnBatcher } from './turn-batcher.js';

const { pipeline, model } = tinyBundle();
/** weight_kg, distance_km, value_eur; and the forest's probabilities. */
const BY_ROAD = { row: [2, 501, 73.5], answer: '0,1,0' };
const BY_AIR = { row: [0, 9000, NaN], answer: '0.875,0,0.125' };
const BY_SEA = { row: [4, 9000, 120], answer: '0.125,0.125,0.75' };
const OVERFLOWING = [0, 9000, 1e39];
const PARCELS = [BY_ROAD, BY_AIR, BY_SEA];

describe('TurnBatcher', () => {
  let session: OnnxSession;
  let batcher: TurnBatcher<string>;
  /** Numbers of rows that settled together: one for each inference, and for each group of rejected rows. */
  let settled: number[];
  /** Number of rows of each inference. */
  let runs: number[];

  beforeEach(async () => {
    session = await OnnxSession.open(model, 1);
    settled = [];
    runs = [];
    batcher = new TurnBatcher(
      new Scorer(new FeaturePipeline().compile(pipeline), session, (rows) => runs.push(rows)),
      pipeline.inputs.length,
      (probabilities, offset) => probabilities.slice(offset, offset + 3).join(),
      (rows) => settled.push(rows),
    );
  });
  afterEach(() => session.release().catch(() => undefined));

  const nextTurn = (): Promise<void> => new Promise(setImmediate);

  it('runs the rows of one turn as one inference and gives each its own answer', async () => {
    const answers = await Promise.all(PARCELS.map(({ row }) => batcher.predict(row)));
    expect(answers).toEqual(PARCELS.map(({ answer }) => answer));
    expect(settled).toEqual([3]);
    expect(runs).toEqual([3]);
  });

  it('waits for no later turn', async () => {
    const first = batcher.predict(BY_ROAD.row);
    await nextTurn();
    const second = batcher.predict(BY_SEA.row);
    expect(await Promise.all([first, second])).toEqual([BY_ROAD.answer, BY_SEA.answer]);
    expect(settled).toEqual([1, 1]);
  });

  it('splits a turn that brings more rows than one chunk holds', async () => {
    const parcels = Array.from({ length: 1_500 }, (_, i) => PARCELS[i % 3]);
    const answers = await Promise.all(parcels.map(({ row }) => batcher.predict(row)));
    expect(answers).toEqual(parcels.map(({ answer }) => answer));
    expect(settled).toEqual([CHUNK_ROWS, 1_500 - CHUNK_ROWS]);
  });

  it('rejects only the row that overflows, at any position among the others', async () => {
    for (let at = 0; at <= PARCELS.length; at++) {
      const rows = PARCELS.map(({ row }) => row).toSpliced(at, 0, OVERFLOWING);
      const outcomes = await Promise.allSettled(rows.map((row) => batcher.predict(row)));
      expect(outcomes[at]).toEqual({
        status: 'rejected',
        reason: new FeatureOverflowError([{ row: 0, feature: 'value_per_kg', column: 'value_eur', value: 1e39 }]),
      });
      expect((outcomes[at] as PromiseRejectedResult).reason.faults).toEqual([
        { row: 0, feature: 'value_per_kg', column: 'value_eur', value: 1e39 },
      ]);
      expect(outcomes.toSpliced(at, 1)).toEqual(PARCELS.map(({ answer }) => ({ status: 'fulfilled', value: answer })));
    }
    expect(settled).toEqual([1, 3, 1, 3, 1, 3, 1, 3]);
    expect(runs).toEqual([3, 3, 3, 3]);
  });

  it('gives each refused row its own faults', async () => {
    const [first, , third] = await Promise.allSettled([
      batcher.predict([1e39, 1, 1]),
      batcher.predict(BY_AIR.row),
      batcher.predict([0, 1, -1e40]),
    ]);
    expect((first as PromiseRejectedResult).reason.faults).toMatchObject([
      { row: 0, column: 'weight_kg', value: 1e39 },
    ]);
    expect((third as PromiseRejectedResult).reason.faults).toMatchObject([
      { row: 0, column: 'value_eur', value: -1e40 },
    ]);
  });

  it('settles a turn in which all rows are rejected', async () => {
    const outcomes = await Promise.allSettled([batcher.predict(OVERFLOWING), batcher.predict(OVERFLOWING)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(settled).toEqual([2]);
  });

  it('passes a failure of the session to every row, and settles each once', async () => {
    await session.release();
    const outcomes = await Promise.allSettled(
      [BY_ROAD.row, OVERFLOWING, BY_SEA.row].map((row) => batcher.predict(row)),
    );
    expect(outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason.message)).toEqual([
      'The model failed',
      '1 feature(s) do not fit in float32',
      'The model failed',
    ]);
    expect(settled).toEqual([1, 1, 1]);
  });
});
