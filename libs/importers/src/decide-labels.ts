import type { LabelSource } from '#bundle';
import type { TensorModel } from '#runtime';
import { InputError } from '#kit';
import { readTensorGolden } from './tensor-golden.js';

/** The result of comparing a model with its source's answers. */
export interface LabelProof {
  /** Rows compared. */
  readonly rows: number;
  /** The label source that agrees with the source's answers; undefined where both do. */
  readonly labels?: LabelSource;
}

/** Whole numbers are equal however they are written: 1 and 1.0. */
const isSame = (label: string, given: string): boolean =>
  label === given || (/^-?\d+$/.test(label) && given !== '' && Number(given) === Number(label));

/**
 * Compares a model with rows that its source answered: by its label output, and by its largest probability.
 *
 * @param wanted the requested label source, which alone must agree then
 * @throws InputError when the model does not answer as its source did, or has no labels to compare
 */
export async function decideLabels(model: TensorModel, path: string, wanted?: LabelSource): Promise<LabelProof> {
  const golden = await readTensorGolden(path, model.inputs);
  const compared = await model.compareLabels(golden.inputs);
  if (!compared) {
    throw new InputError(
      `${path} cannot be compared: the model does not answer a label and the probability of each class, or its graph does not name the classes.`,
    );
  }
  const rows = golden.labels.length;
  const wrongOf = (labels: readonly string[]): number =>
    golden.labels.findIndex((given, row) => !isSame(labels[row], given));
  const wrong = { model: wrongOf(compared.own), argmax: wrongOf(compared.largest) };
  const right = (['model', 'argmax'] as const).filter((way) => wrong[way] === -1);
  if (wanted ? right.includes(wanted) : right.length > 0) {
    return { rows, labels: wanted ?? (right.length === 1 ? right[0] : undefined) };
  }
  const row = wanted ? wrong[wanted] : Math.max(wrong.model, wrong.argmax);
  throw new InputError(
    `${path}: row ${row + 1}: the source says ${golden.labels[row]}, the model's label is ${compared.own[row]}, its largest probability that of ${compared.largest[row]}: export the model again, or give rows that belong to this model.`,
  );
}
