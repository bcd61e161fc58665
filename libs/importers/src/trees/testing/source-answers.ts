import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FeaturePipeline, type FittedPipeline, readersOf } from '#features';
import { ensembleLeaves, ensembleMargins, type TreeEnsemble } from '#onnx';
import { predict } from '../../estimator/predict.js';

/** The library's own answers to raw rows, recorded by test/peers/helper/train_boosters.py. */
export interface SourceAnswers {
  readonly library: string;
  /** The model file, in the same folder. */
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  readonly margins: readonly (readonly number[])[];
  /** Leaf index of each tree, in the library's numbering. */
  readonly leaves: readonly (readonly number[])[];
  readonly predictions: readonly (readonly number[])[];
}

export const sourceAnswers = (folder: string, name: string): SourceAnswers =>
  JSON.parse(readFileSync(join(folder, `${name}.answers.json`), 'utf8')) as SourceAnswers;

/** The features of the recorded rows, row-major. */
export function featuresOf(pipeline: FittedPipeline, { columns, rows }: SourceAnswers): number[][] {
  const transform = new FeaturePipeline().compile(pipeline);
  const readers = readersOf(pipeline);
  const places = pipeline.inputs.map(({ name }) => columns.indexOf(name));
  return rows.map((row) => {
    const raw = places.map((place, c) => {
      const number = readers[c].fromJson(row[place]);
      if (number === undefined) throw new Error(`${pipeline.inputs[c].name} does not take ${row[place]}`);
      return Float64Array.of(number);
    });
    return transform.compute(raw, 0, 1).map((column) => column[0]);
  });
}

/** Differences between our answers and the library's. */
export interface SourceComparison {
  readonly rows: number;
  readonly trees: number;
  /** Rows and trees whose leaf does not map one-to-one between ours and the library's. */
  readonly leavesDiffering: number;
  /** Largest difference of a margin relative to the library's own rounding error: at most 1 if all is well. */
  readonly worstMargin: number;
  /** Largest difference of a probability, or relative difference of a number. */
  readonly worstPrediction: number;
}

/**
 * Compares our answers with the library's. Leaves are numbered differently here: in each tree, our leaves and the
 * library's must map one-to-one over all rows.
 *
 * Margins may differ by the library's own rounding: XGBoost sums in float32, T x 2^-24 of its largest sum; LightGBM in
 * float64, 1e-12 of the leaves' magnitudes.
 */
export function compareWithSource(
  ensemble: TreeEnsemble,
  features: readonly (readonly number[])[],
  answers: SourceAnswers,
): SourceComparison {
  const trees = ensemble.roots.length;
  const isClassifier = ensemble.link === 'logistic' || ensemble.link === 'softmax';
  const pairs = Array.from({ length: trees }, () => ({
    ours: new Map<number, number>(),
    theirs: new Map<number, number>(),
  }));
  let [leavesDiffering, worstMargin, worstPrediction] = [0, 0, 0];
  features.forEach((row, i) => {
    const sums = [...ensemble.baseValues];
    let [partial, magnitude] = [Math.max(...sums.map(Math.abs)), 0];
    ensembleLeaves(ensemble, row).forEach((leaf, tree) => {
      const [{ ours, theirs }, own] = [pairs[tree], answers.leaves[i][tree]];
      if (!ours.has(leaf)) ours.set(leaf, own);
      if (!theirs.has(own)) theirs.set(own, leaf);
      if (ours.get(leaf) !== own || theirs.get(own) !== leaf) leavesDiffering++;
      const value = ensemble.leafValues[leaf];
      const output = ensemble.firstOutput[tree];
      sums[output] += value;
      partial = Math.max(partial, Math.abs(sums[output]));
      magnitude += Math.abs(value);
    });
    const tolerance = ensemble.input === 'float32' ? trees * 2 ** -24 * partial : 1e-12 * magnitude;
    ensembleMargins(ensemble, row).forEach((margin, output) => {
      worstMargin = Math.max(worstMargin, Math.abs(margin - answers.margins[i][output]) / tolerance);
    });
    const due = answers.predictions[i];
    // With two classes the libraries give the second one's probability.
    predict({ kind: 'trees', ensemble }, row, !isClassifier)
      .slice(-due.length)
      .forEach((value, k) => {
        worstPrediction = Math.max(worstPrediction, Math.abs(value - due[k]) / Math.max(1, Math.abs(due[k])));
      });
  });
  return { rows: features.length, trees, leavesDiffering, worstMargin, worstPrediction };
}
