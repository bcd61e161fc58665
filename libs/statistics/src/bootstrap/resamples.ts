import { RandomStream } from '#kit';

/** Number and seed of the resamples. */
export interface BootstrapOptions {
  readonly seed: number;
  /** 1,000 is usual; for a million rows 200 give the same interval in seconds. */
  readonly resamples: number;
}

/**
 * Draws resamples of the rows with replacement (Efron: Bootstrap methods, 1979) and yields how often each row was
 * drawn. It reuses one array; more than 255 draws of one row do not happen in practice.
 */
export function* resampleWeights(rows: number, { seed, resamples }: BootstrapOptions): Generator<Uint8Array> {
  const random = new RandomStream(seed, 0);
  const weights = new Uint8Array(rows);
  for (let i = 0; i < resamples; i++) {
    weights.fill(0);
    for (let draw = 0; draw < rows; draw++) weights[random.below(rows)]++;
    yield weights;
  }
}
