import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FeaturePipeline } from '#features';
import { forestProbabilities } from '#learners';
import { temporaryFolder, TINY_FOREST, tinyBundle } from '#testing';
import { InputError } from '#kit';
import { computedGolden, recordedGolden } from './golden-rows.js';

const folder = temporaryFolder();
const path = join(folder, 'predictions.jsonl');

interface Line {
  input: Record<string, number>;
  features: number[];
  proba: number[];
  prediction: number;
  kind: string;
  error?: string;
}
const line = (x: number): Line => ({
  input: { x },
  features: [x, 2 * x],
  proba: [0.25, 0.75],
  prediction: 1,
  kind: 'any',
});
const write = (lines: object[]): Promise<void> =>
  writeFile(path, lines.map((row) => `${JSON.stringify(row)}\n`).join(''));

describe('recordedGolden', () => {
  it('takes input, features, probabilities and prediction of each line', async () => {
    await writeFile(path, `${JSON.stringify(line(1))}\r\n\n${JSON.stringify(line(2))}`);
    expect(await recordedGolden(path)).toEqual({
      format_version: 1,
      rows: [1, 2].map((x) => ({ input: { x }, features: [x, 2 * x], probabilities: [0.25, 0.75], prediction: 1 })),
    });
  });

  it('leaves out the lines on which the original failed', async () => {
    await write([line(1), { ...line(2), error: 'ValueError' }, { input: { x: 3 }, error: 'ValueError' }, line(4)]);
    expect((await recordedGolden(path)).rows.map(({ input }) => input.x)).toEqual([1, 4]);
  });

  it('takes up to 256 rows as they are, and of more every so many', async () => {
    const numbers = Array.from({ length: 1_024 }, (_, i) => i);
    await write(numbers.slice(0, 256).map(line));
    expect((await recordedGolden(path)).rows.map(({ input }) => input.x)).toEqual(numbers.slice(0, 256));
    await write(numbers.map(line));
    expect((await recordedGolden(path)).rows.map(({ input }) => input.x)).toEqual(numbers.filter((i) => i % 4 === 0));
  });

  it('names the line that is not JSON', async () => {
    await writeFile(path, `${JSON.stringify(line(1))}\n{"input": {}`);
    await expect(recordedGolden(path)).rejects.toThrow(new InputError(`${path}: line 2 is not JSON.`));
  });

  it.each([[null], [7], [{ input: {} }], [{ ...line(1), features: undefined }], [{ ...line(1), proba: 0.5 }]])(
    'names the line that lacks something: %j',
    async (row) => {
      await write([line(1), line(2), row as object]);
      await expect(recordedGolden(path)).rejects.toThrow(
        new InputError(`${path}: line 3 must be an object with input, features, prediction and proba, or with error.`),
      );
    },
  );
  it('names the line whose input is null', async () => {
    await write([{ ...line(1), input: null }]);
    await expect(recordedGolden(path)).rejects.toThrow(InputError);
  });

  it.each([
    ['no line', []],
    ['only failures', [{ error: 'ValueError' }]],
  ])('refuses a file with %s', async (_, lines) => {
    await write(lines);
    await expect(recordedGolden(path)).rejects.toThrow(
      new InputError(`${path} contains no row with an answer of the source.`),
    );
  });
});

describe('computedGolden', () => {
  const dump = { type: 'RandomForestClassifier', ...TINY_FOREST } as const;
  const transform = new FeaturePipeline().compile(tinyBundle().pipeline);
  const { rows } = computedGolden(dump, transform);

  it('makes the same 256 rows each time', () => {
    expect(rows).toHaveLength(256);
    expect(computedGolden(dump, transform).rows).toEqual(rows);
    expect(new Set(rows.map(({ input }) => JSON.stringify(input))).size).toBe(256);
  });

  it('draws inputs from the ranges of the columns, and whole numbers where they must be', () => {
    const inputs = rows.map(({ input }) => input as Record<string, number>);
    const within = (name: string, low: number, high: number): boolean =>
      inputs.every(({ [name]: value }) => value >= low && value <= high);
    expect(within('weight_kg', 0, 1_000)).toBe(true);
    expect(within('distance_km', 1, 20_000)).toBe(true);
    expect(within('value_eur', 0, 6)).toBe(true);
    expect(inputs.every(({ distance_km }) => Number.isInteger(distance_km))).toBe(true);
    expect(inputs.some(({ weight_kg }) => weight_kg > 900)).toBe(true);
  });

  it('computes features by the pipeline, and the rest by walking the trees', () => {
    for (const { input, features, probabilities, prediction } of rows) {
      const raw = transform.inputs.map(({ name }) => Float64Array.of(input[name] as number));
      expect(features).toEqual(transform.compute(raw, 0, 1).map(([value]) => value));
      expect(probabilities).toEqual(forestProbabilities(TINY_FOREST, features as number[]));
      expect(prediction).toBe(TINY_FOREST.classes[probabilities.indexOf(Math.max(...probabilities))]);
    }
  });
});
