import { FeaturePipeline } from '#features';
import { FeatureOverflowError, readBundle } from '#bundle';
import { ServedModel } from '#runtime';
import { type RecordedRow, recordedRows } from '#testing';

const BUNDLE = 'models/random_forest/1';
const rows = recordedRows();
const sound = rows.filter(({ error }) => error === undefined);
const overflowing = rows.filter(({ error }) => error !== undefined);

describe('The default model, against all 1,500 rows that the original computed', () => {
  let model: ServedModel;
  const rawOf = ({ input }: RecordedRow): number[] => model.inputs.map(({ name }) => input[name]);
  const columnsOf = (some: readonly RecordedRow[]): Float64Array[] =>
    model.inputs.map(({ name }) => Float64Array.from(some, ({ input }) => input[name]));

  beforeAll(async () => {
    model = await ServedModel.open(await readBundle(BUNDLE), new FeaturePipeline(), {
      threads: 1,
      maxPendingRows: 10_000,
    });
  });
  afterAll(() => model.close());

  it('is a recording of 1,482 sound rows and 18 on which the original failed', () => {
    expect([rows.length, sound.length, overflowing.length]).toEqual([1_500, 1_482, 18]);
  });

  it('computes every feature to 1e-12 of it', async () => {
    const { pipeline } = await readBundle(BUNDLE);
    const transform = new FeaturePipeline().compile(pipeline);
    const recorded = rows.filter(({ features }) => features !== undefined);
    expect(recorded).toHaveLength(1_495);
    for (const row of recorded) {
      const expected = row.features!.map((value) => (value === '-inf' ? -Infinity : (value as number)));
      const got = transform.compute(columnsOf([row]), 0, 1).map(([value]) => value);
      expect(got).toHaveLength(expected.length);
      const errors = got.map((value, f) => (value === expected[f] ? 0 : Math.abs(value / expected[f] - 1)));
      expect(Math.max(...errors)).toBeLessThan(1e-12);
    }
  });

  it('gives each sound row, asked singly, the same label and the same probability to 1e-6', async () => {
    const answers = await Promise.all(sound.map(async (row) => model.predict(rawOf(row))));
    expect(answers.map(({ label }) => label)).toEqual(sound.map(({ prediction }) => prediction));
    const errors = answers.map(({ probability }, i) => Math.abs(probability - sound[i].proba[1]));
    expect(Math.max(...errors)).toBeLessThan(1e-6);
  });

  it('gives the sound rows the same as one batch', async () => {
    const { labels, classIndices, probabilities } = await model.predictBatch(columnsOf(sound), sound.length);
    const predictions = Array.from(classIndices, (index) => labels[index]);
    expect(predictions).toEqual(sound.map(({ prediction }) => prediction));
    const errors = sound.map(({ proba }, i) => Math.abs(probabilities[i] - proba[1]));
    expect(Math.max(...errors)).toBeLessThan(1e-6);
  });

  it('refuses each row on which the original failed', async () => {
    for (const row of overflowing) await expect(model.predict(rawOf(row))).rejects.toThrow(FeatureOverflowError);
  });

  it('names all of these rows, and no other, when they come in one batch', async () => {
    const error: unknown = await model.predictBatch(columnsOf(rows), rows.length).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FeatureOverflowError);
    const refused = new Set((error as FeatureOverflowError).faults.map(({ row }) => row));
    expect([...refused]).toEqual(rows.flatMap((row, i) => (row.error === undefined ? [] : [i])));
  });

  it('answers the sound rows that arrive in one turn with rows that overflow', async () => {
    const outcomes = await Promise.allSettled(rows.map(async (row) => model.predict(rawOf(row))));
    outcomes.forEach((outcome, i) => {
      const { error, prediction, proba } = rows[i];
      expect(outcome.status).toBe(error === undefined ? 'fulfilled' : 'rejected');
      if (outcome.status === 'rejected') return expect(outcome.reason).toBeInstanceOf(FeatureOverflowError);
      expect(outcome.value.label).toBe(prediction);
      expect(Math.abs(outcome.value.probability - proba[1])).toBeLessThan(1e-6);
    });
  });
});
