import { LearnerError } from '../learner.error.js';

/** What a model learns from. Nothing here is changed by training. */
export interface TrainingData {
  /** One column per feature, `rows` values each: the float32 numbers that serving will see. */
  readonly features: readonly Float32Array[];
  /** The class index of each row, 0 to `classes - 1`. */
  readonly labels: Int32Array | Uint8Array;
  /** Number of classes, at least 2; one that no row has is allowed. */
  readonly classes: number;
}

/** Entries of growing trees hold a row in 28 bits. */
const MAX_ROWS = 2 ** 28;
/** A tree's node holds its feature in 15 bits and a sign. */
const MAX_FEATURES = 2 ** 15;
const MAX_CLASSES = 1_000;

function refuseUnless(holds: boolean, message: string): void {
  if (!holds) throw new LearnerError(message);
}

/** @throws LearnerError naming the first row and column that training cannot take */
export function checkColumns(features: readonly Float32Array[]): void {
  features.forEach((column, f) => {
    // A loop, as a callback would be handed each number in an object of its own: hundreds of megabytes.
    for (let row = 0; row < column.length; row++) {
      if (Number.isFinite(column[row])) continue;
      throw new LearnerError(`features[${f}][${row}] is ${column[row]}; every feature must be a finite float32`);
    }
  });
}

/** @throws LearnerError on shapes that do not match, labels out of range and features that are not finite */
export function checkTrainingData({ features, labels, classes }: TrainingData): void {
  const rows = labels.length;
  refuseUnless(
    Number.isInteger(classes) && classes >= 2 && classes <= MAX_CLASSES,
    `classes is ${classes}; it must be a whole number from 2 to ${MAX_CLASSES}`,
  );
  refuseUnless(rows >= 1 && rows < MAX_ROWS, `there are ${rows} labels; there must be from 1 to ${MAX_ROWS - 1}`);
  refuseUnless(
    features.length >= 1 && features.length <= MAX_FEATURES,
    `there are ${features.length} feature columns; there must be from 1 to ${MAX_FEATURES}`,
  );
  features.forEach((column, f) =>
    refuseUnless(column.length === rows, `features[${f}] has ${column.length} values, but there are ${rows} labels`),
  );
  const unknown = labels.findIndex((label) => !(label >= 0 && label < classes));
  refuseUnless(
    unknown < 0,
    `labels[${unknown}] is ${labels[unknown]}; with ${classes} classes it must be from 0 to ${classes - 1}`,
  );
  refuseUnless(
    labels.some((label) => label !== labels[0]),
    `all ${rows} rows are of class ${labels[0]}; there is nothing to tell apart`,
  );
  checkColumns(features);
}
