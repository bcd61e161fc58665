import { RandomStream } from '#kit';

/** How often, and from which seed, rows are drawn again. */
export interface BootstrapOptions {
  readonly seed: number;
  /** 1,000 is usual; at a million rows 200 say the same and take seconds. */
  readonly resamples: number;
}

/**
 * Draws as many rows as there are, with replacement (Efron: Bootstrap methods, 1979), and tells how often each was
 * drawn. The same array is filled again each time; 255 draws of one row are beyond chance.
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
