import { LearnerError } from '../learner.error.js';

interface Features {
  /** One column per feature, `rows` values each: float32, as in serving. */
  readonly features: readonly Float32Array[];
  /** Whether a feature may be missing (NaN), here or in serving. Only trees accept that. */
  readonly missing?: boolean;
}

/** The training data of a classifier; read-only. */
export interface TrainingData extends Features {
  /** The class index of each row, 0 to `classes - 1`. */
  readonly labels: Int32Array | Uint8Array;
  /** Number of classes, at least 2; a class may have no rows. */
  readonly classes: number;
}

/** The training data of a regression; read-only. */
export interface RegressionData extends Features {
  /** The target of each row, finite. */
  readonly targets: Float64Array;
}

export const rowsOf = (data: TrainingData | RegressionData): number =>
  'targets' in data ? data.targets.length : data.labels.length;

/** Growing trees pack a row's index into 28 bits. */
const MAX_ROWS = 2 ** 28;
/** A tree node packs its feature into 15 bits and a sign. */
const MAX_FEATURES = 2 ** 15;
const MAX_CLASSES = 1_000;
/** Sums of squares stay finite. */
const MAX_TARGET = 1e100;

function refuseUnless(holds: boolean, message: string): void {
  if (!holds) throw new LearnerError(message);
}

/**
 * @param missing whether NaN is allowed
 * @throws LearnerError naming the first row and column whose value cannot be trained on
 */
export function checkColumns(features: readonly Float32Array[], missing = false): void {
  features.forEach((column, f) => {
    // A loop, because a callback would box each number: hundreds of megabytes.
    for (let row = 0; row < column.length; row++) {
      if (Number.isFinite(column[row]) || (missing && Number.isNaN(column[row]))) continue;
      const allowed = missing ? 'a finite float32, or NaN where it is missing' : 'a finite float32';
      throw new LearnerError(`features[${f}][${row}] is ${column[row]}; every feature must be ${allowed}`);
    }
  });
}

/** @throws LearnerError on mismatched shapes, labels out of range and values that are not finite */
export function checkTrainingData(data: TrainingData | RegressionData): void {
  const { features } = data;
  const rows = rowsOf(data);
  const what = 'targets' in data ? 'targets' : 'labels';
  if (!('targets' in data)) checkClasses(data.classes);
  refuseUnless(rows >= 1 && rows < MAX_ROWS, `there are ${rows} ${what}; there must be from 1 to ${MAX_ROWS - 1}`);
  refuseUnless(
    features.length >= 1 && features.length <= MAX_FEATURES,
    `there are ${features.length} feature columns; there must be from 1 to ${MAX_FEATURES}`,
  );
  features.forEach((column, f) =>
    refuseUnless(column.length === rows, `features[${f}] has ${column.length} values, but there are ${rows} ${what}`),
  );
  if ('targets' in data) checkTargets(data);
  else checkLabels(data);
  checkColumns(features, data.missing);
}

const checkClasses = (classes: number): void =>
  refuseUnless(
    Number.isInteger(classes) && classes >= 2 && classes <= MAX_CLASSES,
    `classes is ${classes}; it must be a whole number from 2 to ${MAX_CLASSES}`,
  );

function checkLabels({ labels, classes }: TrainingData): void {
  const unknown = labels.findIndex((label) => !(label >= 0 && label < classes));
  refuseUnless(
    unknown < 0,
    `labels[${unknown}] is ${labels[unknown]}; with ${classes} classes it must be from 0 to ${classes - 1}`,
  );
  refuseUnless(
    labels.some((label) => label !== labels[0]),
    `all ${labels.length} rows are of class ${labels[0]}; a classifier needs rows of at least two classes, in each fold of a cross-validation too`,
  );
}

function checkTargets({ targets }: RegressionData): void {
  const unsound = targets.findIndex((target) => !(Math.abs(target) <= MAX_TARGET));
  refuseUnless(
    unsound < 0,
    `targets[${unsound}] is ${targets[unsound]}; every target must be a number from -${MAX_TARGET} to ${MAX_TARGET}`,
  );
  refuseUnless(
    targets.some((target) => target !== targets[0]),
    `all ${targets.length} targets are ${targets[0]}; there is nothing to predict`,
  );
}
