import { InputError } from '#kit';

/** Rows with a known class, and what a classifier said about them. */
export interface ScoredRows {
  /** Index of each row's true class. */
  readonly labels: Int32Array | Uint8Array;
  /** Row by row, one probability per class. */
  readonly probabilities: Float64Array;
  /** Labels of the classes, by index; of two, the second is the positive one. */
  readonly classes: readonly (string | number)[];
  /** Of two classes: from which probability of the second one on it is predicted; the more probable one is if not given. */
  readonly threshold?: number;
}

/** By so much a probability that was added up in float32 may miss the range from 0 to 1. */
const ROUNDING = 1e-6;

/**
 * Everything else here relies on this: rows there are, shapes agree, labels exist, probabilities are from 0 to 1.
 *
 * @throws InputError saying what is wrong with which row
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
