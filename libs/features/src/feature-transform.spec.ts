import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { FeaturePipeline } from './feature-pipeline.js';
import { CHUNK_ROWS, type FeatureFault, type FeatureTransform, rowMajor } from './feature-transform.js';
import type { FittedPipeline } from './pipeline.js';
import type { StandardizeStep } from './steps/standardize.step.js';

const PIPELINE = JSON.parse(readFileSync('models/random_forest/1/pipeline.json', 'utf8')) as FittedPipeline;
const WIDTH = 14;
type Row = readonly number[];

const transform = new FeaturePipeline().compile(PIPELINE);
const columnsOf = (rows: readonly Row[]): Float64Array[] =>
  PIPELINE.inputs.map((_, c) => Float64Array.from(rows, (row) => row[c]));

/** Features of many rows, chunk by chunk. */
function featuresOf(rows: readonly Row[]): { features: Float32Array; faults: FeatureFault[] } {
  const raw = columnsOf(rows);
  const features = new Float32Array(rows.length * WIDTH);
  const faults: FeatureFault[] = [];
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rows.length - start);
    faults.push(...transform.transform(raw, start, count, rowMajor(features.subarray(start * WIDTH), WIDTH)));
  }
  return { features, faults };
}

/** The expected features, written by hand from the original's description. */
function byHand([f1, f2, f3, f4, f5]: Row): number[] {
  const { mean, scale } = PIPELINE.steps.at(-1) as StandardizeStep;
  const numeric = [f1, f2, f3, f4, f5, f1 * f1, f2 * f2, f1 * f2, f1 * f4, f4 / (f5 + 1), Math.log1p(f4)];
  const bin = (low: number, high: number): number => Number(f4 > low && f4 <= high);
  return [...numeric.map((x, i) => (x - mean[i]) / scale[i]), bin(25, 50), bin(50, 75), bin(75, 100)];
}

const finite = fc.double({ noNaN: true, min: -1e15, max: 1e15 });
const anyRow = fc.tuple(
  finite,
  finite,
  finite,
  fc.double({ noNaN: true, min: 0, max: 100 }),
  fc.integer({ min: 1, max: 10 }),
);

describe('FeatureTransform', () => {
  it('knows the columns that it takes and makes', () => {
    expect(transform.inputs.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5].map((i) => `feature_${i}`));
    expect(transform.outputs).toHaveLength(WIDTH);
    expect(transform.outputs.slice(-3)).toEqual(['bin_medium', 'bin_high', 'bin_very_high']);
  });

  it('computes the default features in float64', () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        const features = transform.compute(columnsOf([row]), 0, 1).map(([value]) => value);
        expect(features).toEqual(byHand(row));
      }),
    );
  });

  it('casts the features to float32 last of all', () => {
    fc.assert(
      fc.property(anyRow, (row) => expect([...featuresOf([row]).features]).toEqual(byHand(row).map(Math.fround))),
    );
  });

  it('computes a batch as it computes each row alone', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 40 }), (rows) => {
        expect([...featuresOf(rows).features]).toEqual(rows.flatMap((row) => [...featuresOf([row]).features]));
      }),
    );
  });

  it('computes a row as it computes it within 1,500', () => {
    const places = fc.constantFrom(0, CHUNK_ROWS - 1, CHUNK_ROWS, 1_499);
    fc.assert(
      fc.property(anyRow, places, (row, at) => {
        const rows = Array<Row>(1_500).fill([0, 0, 0, 0, 1]).with(at, row);
        const { features } = featuresOf(rows);
        expect([...features.subarray(at * WIDTH, (at + 1) * WIDTH)]).toEqual([...featuresOf([row]).features]);
      }),
    );
  });

  it('does not change the columns that it is given', () => {
    const raw = columnsOf([[1, 2, 3, 4, 5]]);
    transform.transform(raw, 0, 1, rowMajor(new Float32Array(WIDTH), WIDTH));
    expect(raw.map(([value]) => value)).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('The faults of a transform', () => {
  const SOUND: Row = [0.3, 0.6, -0.2, 60, 4];
  const at = (column: number, value: number): Row => SOUND.with(column, value);
  const faultsOf = (...rows: Row[]): FeatureFault[] => featuresOf(rows).faults;

  it('are none for finite features', () => expect(faultsOf(SOUND, at(0, 1e19), at(2, 3e38))).toEqual([]));

  it('name the first feature that overflows, once for the raw column to blame', () => {
    expect(faultsOf(at(0, 1e20))).toEqual([{ row: 0, feature: 'feature_1_squared', column: 'feature_1', value: 1e20 }]);
    expect(faultsOf(at(0, -1e200))).toEqual([{ row: 0, feature: 'feature_1', column: 'feature_1', value: -1e200 }]);
  });

  it('name every raw column to blame in a row', () => {
    expect(faultsOf([1e200, 1e20, 0, 60, 4])).toEqual([
      { row: 0, feature: 'feature_1', column: 'feature_1', value: 1e200 },
      { row: 0, feature: 'feature_2_squared', column: 'feature_2', value: 1e20 },
    ]);
  });

  it('blame the larger of two factors for a product that overflows', () => {
    expect(faultsOf(at(3, 1e38).with(0, 1e10))).toEqual([
      { row: 0, feature: 'feature_1_x_feature_4', column: 'feature_4', value: 1e38 },
    ]);
  });

  it('name the rows within the call', () => {
    expect(faultsOf(SOUND, at(0, 1e20), SOUND, at(2, Infinity)).map(({ row, column }) => [row, column])).toEqual([
      [1, 'feature_1'],
      [3, 'feature_3'],
    ]);
  });

  it('count from the row at which the call starts', () => {
    const raw = columnsOf([SOUND, SOUND, SOUND, at(1, 1e20)]);
    expect(transform.transform(raw, 2, 2, rowMajor(new Float32Array(2 * WIDTH), WIDTH))).toMatchObject([
      { row: 1, value: 1e20 },
    ]);
  });

  it('leave the features of the other rows as they are', () => {
    const { features } = featuresOf([at(0, 1e200), SOUND]);
    expect([...features.subarray(WIDTH)]).toEqual([...featuresOf([SOUND]).features]);
  });

  it('blame a column that is NaN', () => {
    expect(faultsOf(at(0, NaN))).toEqual([{ row: 0, feature: 'feature_1', column: 'feature_1', value: NaN }]);
  });
  it('blame only the column that is NaN', () => {
    expect(faultsOf(at(1, NaN))).toEqual([{ row: 0, feature: 'feature_2', column: 'feature_2', value: NaN }]);
  });

  it('name the denominator or the numerator of a ratio by zero, whichever is larger', () => {
    const ratio: FeatureTransform = new FeaturePipeline().compile({
      format_version: 1,
      inputs: ['a', 'b'].map((name) => ({ name, type: 'float', nullable: false })),
      steps: [{ kind: 'ratio', numerator: 'a', denominator: 'b', offset: 1, output: 'y' }],
      outputs: ['y'],
    });
    const raw = [Float64Array.of(0.5, 2), Float64Array.of(-1, -1)];
    expect(ratio.transform(raw, 0, 2, rowMajor(new Float32Array(2), 1))).toEqual([
      { row: 0, feature: 'y', column: 'b', value: -1 },
      { row: 1, feature: 'y', column: 'a', value: 2 },
    ]);
  });
});
