import { COLUMNS, targetOf } from './data-recipe.js';
import { type Drift, drifted } from './drift.js';
import { RandomNumbers } from './random-numbers.js';

/** Rows in columns: the features in the recipe's order (NaN is missing), and the class. */
export interface RowBatch {
  readonly rows: number;
  readonly features: readonly Float64Array[];
  readonly target: Uint8Array;
}

export interface RowOptions {
  readonly rows: number;
  readonly seed: number;
  readonly drift?: Drift;
  /** Share of the rows whose class is flipped. */
  readonly labelNoise: number;
}

/** DuckDB's chunk size; a batch fits into the processor's cache. */
export const BATCH_ROWS = 2_048;

const DRIFT_STREAM = 101;
const NOISE_STREAM = 102;

/**
 * Generates rows in batches whose buffers are reused: a batch is valid until the next one. The class follows from
 * drifted values, and from the original value where it was made missing.
 */
export function* rowBatches({ rows, seed, drift, labelNoise }: RowOptions): Generator<RowBatch> {
  const streams = COLUMNS.map((_, c) => new RandomNumbers(seed, c));
  const driftStream = new RandomNumbers(seed, DRIFT_STREAM);
  const noiseStream = new RandomNumbers(seed, NOISE_STREAM);
  const drifting = COLUMNS.findIndex(({ name }) => name === drift?.column);
  const features = COLUMNS.map(() => new Float64Array(BATCH_ROWS));
  const target = new Uint8Array(BATCH_ROWS);
  const apply = (values: Float64Array, size: number): void => {
    for (let i = 0; i < size; i++) values[i] = drifted(drift!, COLUMNS[drifting], values[i], driftStream);
  };

  for (let start = 0; start < rows; start += BATCH_ROWS) {
    const size = Math.min(BATCH_ROWS, rows - start);
    features.forEach((values, c) => {
      for (let i = 0; i < size; i++) values[i] = COLUMNS[c].draw(streams[c]);
    });
    if (drift && drift.kind !== 'missing') apply(features[drifting], size);
    for (let i = 0; i < size; i++) {
      const isNoise = noiseStream.uniform() < labelNoise;
      target[i] = targetOf(features[0][i], features[1][i], features[3][i]) ^ Number(isNoise);
    }
    if (drift?.kind === 'missing') apply(features[drifting], size);
    yield { rows: size, features, target };
  }
}
