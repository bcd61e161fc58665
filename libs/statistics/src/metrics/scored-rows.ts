import { InputError } from '#kit';

/** Rows with a known class, and a classifier's probabilities for them. */
export interface ScoredRows {
  /** Index of each row's true class. */
  readonly labels: Int32Array | Uint8Array;
  /** One probability per class, row-major. */
  readonly probabilities: Float64Array;
  /** Class labels by index; of two, the second is the positive one. */
  readonly classes: readonly (string | number)[];
  /** With two classes: the second is predicted from this probability on; absent: the more probable class is. */
  readonly threshold?: number;
}

/** Rounding error of a probability that was summed in float32. */
const ROUNDING = 1e-6;

/**
 * Checks that there are rows, shapes agree, labels exist and probabilities are from 0 to 1; the metrics rely on it.
 *
 * @throws InputError naming the first wrong row
 */
export function checkScoredRows({ labels, probabilities, classes }: ScoredRows): void {
  const width = classes.length;
  if (labels.length === 0) throw new InputError('There is no row to evaluate on: the test part is empty.');
  if (width < 2) throw new InputError(`A classifier has two classes or more; this one has ${width}.`);
  if (probabilities.length !== labels.length * width) {
    throw new InputError(
      `${labels.length} rows of ${width} classes need ${labels.length * width} probabilities, not ${probabilities.length}.`,
    );
  }
  for (let i = 0; i < labels.length; i++) {
    if (!(labels[i] >= 0 && labels[i] < width)) {
      throw new InputError(`Row ${i} has the class index ${labels[i]}; there are ${width} classes.`);
    }
  }
  for (let i = 0; i < probabilities.length; i++) {
    if (!(probabilities[i] >= -ROUNDING && probabilities[i] <= 1 + ROUNDING)) {
      throw new InputError(
        `Row ${Math.floor(i / width)} has the probability ${probabilities[i]}; it must be from 0 to 1.`,
      );
    }
  }
}
