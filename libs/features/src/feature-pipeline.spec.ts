import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseYaml } from 'yaml';
import { readGolden } from '#testing';
import { FeaturePipeline } from './feature-pipeline.js';
import { PipelineError } from './pipeline.error.js';
import type { PipelineRecipe } from './pipeline.js';
import type { StandardizeStep } from './steps/standardize.step.js';

const pipeline = new FeaturePipeline();

/** A new object each time, because fitting freezes it. */
const recipe = (): PipelineRecipe => ({
  inputs: [
    { name: 'a', type: 'float', nullable: true },
    { name: 'b', type: 'float', nullable: false },
  ],
  steps: [
    { kind: 'impute', column: 'a' },
    { kind: 'product', left: 'a', right: 'b', output: 'ab' },
    { kind: 'standardize', columns: ['ab'] },
  ],
  outputs: ['ab', 'b'],
});
const columns = (): Float64Array[] => [Float64Array.of(1, NaN, 3), Float64Array.of(1, 2, 3)];

/** Yields every object and array within plain data, itself included. */
function* within(value: unknown): Generator<object> {
  if (typeof value !== 'object' || value === null) return;
  yield value;
  for (const part of Object.values(value)) yield* within(part);
}

describe('FeaturePipeline.fit', () => {
  it('fits each step on what the steps before it computed', () => {
    const deviations = [1 - 14 / 3, 4 - 14 / 3, 9 - 14 / 3];
    const variance = deviations.reduce((sum, deviation) => sum + deviation ** 2, 0) / 3;
    expect(pipeline.fit(recipe(), columns())).toEqual({
      format_version: 1,
      ...recipe(),
      steps: [
        { kind: 'impute', column: 'a', value: 2 },
        { kind: 'product', left: 'a', right: 'b', output: 'ab' },
        { kind: 'standardize', columns: ['ab'], mean: [14 / 3], scale: [Math.sqrt(variance)] },
      ],
    });
  });

  it('keeps what the recipe says of its table', () => {
    const table = { missing: ['', '?'], unused: ['id'] };
    expect(pipeline.fit({ ...recipe(), ...table }, columns())).toMatchObject(table);
  });

  it('leaves the training columns as they are', () => {
    const given = columns();
    pipeline.fit(recipe(), given);
    expect(given).toEqual(columns());
  });

  it('learns the numbers that scikit-learn learnt from the original data set', () => {
    const config = parseYaml(readFileSync('config/features.yaml', 'utf8')) as PipelineRecipe;
    const rows: Record<string, string>[] = parseCsv(readGolden('dataset.csv'), { columns: true });
    expect(rows).toHaveLength(1_000);
    const raw = config.inputs.map(({ name }) => Float64Array.from(rows, (row) => Number(row[name])));

    const fitted = pipeline.fit(config, raw).steps.at(-1) as StandardizeStep;
    const scaler = JSON.parse(readGolden('scaler.json')) as StandardizeStep & { numeric_features: string[] };
    expect(fitted.columns).toEqual(scaler.numeric_features);
    for (const moment of ['mean', 'scale'] as const) {
      const errors = fitted[moment].map((value, i) => Math.abs(value / scaler[moment][i] - 1));
      expect(Math.max(...errors)).toBeLessThan(1e-12);
    }
  });

  it('writes the first format, and its very bytes, of what the first format knew', () => {
    const config = parseYaml(readFileSync('config/features.yaml', 'utf8')) as PipelineRecipe;
    const rows: Record<string, string>[] = parseCsv(readGolden('dataset.csv'), { columns: true });
    const raw = config.inputs.map(({ name }, c) =>
      Float64Array.from(rows, (row, i) => (c === 2 && i % 7 === 0 ? NaN : Number(row[name]))),
    );
    const inputs = config.inputs.map((input, c) => ({ ...input, nullable: c === 2 }));
    const steps: PipelineRecipe['steps'] = [{ kind: 'impute', column: 'feature_3' }, ...config.steps];
    const text = `${JSON.stringify(pipeline.fit({ ...config, inputs, steps }, raw), null, 2)}\n`;
    // The bytes that the first release wrote.
    expect(createHash('md5').update(text).digest('hex')).toBe('7218a3165ef4b5a69c8cb4bc0b3275b8');
  });

  it('returns a pipeline that is frozen all the way down', () => {
    const parts = [...within(pipeline.fit(recipe(), columns()))];
    expect(parts).toHaveLength(12);
    expect(parts.filter((part) => !Object.isFrozen(part))).toEqual([]);
  });
  it('freezes the parts of what was frozen at the top only', () => {
    const given = recipe();
    const fitted = pipeline.fit({ ...given, inputs: Object.freeze([...given.inputs]) }, columns());
    expect([...within(fitted)].filter((part) => !Object.isFrozen(part))).toEqual([]);
  });

  it.each([
    [[], 'fit needs 2 columns of equal length above 0, got lengths []'],
    [[3], 'fit needs 2 columns of equal length above 0, got lengths [3]'],
    [[3, 2], 'fit needs 2 columns of equal length above 0, got lengths [3, 2]'],
    [[0, 0], 'fit needs 2 columns of equal length above 0, got lengths [0, 0]'],
    [[3, 3, 3], 'fit needs 2 columns of equal length above 0, got lengths [3, 3, 3]'],
  ])('refuses columns of the lengths %j', (lengths, message) => {
    const given = lengths.map((length) => new Float64Array(length));
    expect(() => pipeline.fit(recipe(), given)).toThrow(new PipelineError(message));
  });

  it('refuses a step that reads what nothing has written yet', () => {
    const flawed = { ...recipe(), steps: [{ kind: 'square', column: 'ab', output: 'x' }] as const };
    expect(() => pipeline.fit(flawed, columns())).toThrow(
      new PipelineError('a step reads "ab" before anything writes it'),
    );
  });

  it('refuses a recipe whose outputs do not exist', () => {
    expect(() => pipeline.fit({ ...recipe(), outputs: ['ab', 'c'] }, columns())).toThrow(
      new PipelineError('outputs[1] names the column "c"; known here: a, b, ab'),
    );
  });
  it('refuses to learn from a column that has no number in it', () => {
    const [a] = columns();
    expect(() => pipeline.fit(recipe(), [a, Float64Array.of(1, NaN, 3)])).toThrow(PipelineError);
  });
});

describe('FeaturePipeline.compile', () => {
  it('freezes the pipeline that it is given', () => {
    const given = structuredClone(pipeline.fit(recipe(), columns()));
    pipeline.compile(given);
    expect([...within(given)].filter((part) => !Object.isFrozen(part))).toEqual([]);
  });
});
