import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FeaturePipeline, type FittedPipeline, readersOf } from '#features';
import { ensembleLeaves, ensembleMargins, type TreeEnsemble } from '#onnx';
import { predict } from '../../estimator/predict.js';

/** What test/peers/helper/train_boosters.py records of a model: the library's own answers to raw rows. */
export interface SourceAnswers {
  readonly library: string;
  /** The model, in the same folder. */
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  readonly margins: readonly (readonly number[])[];
  /** As the library numbers them, one a tree. */
  readonly leaves: readonly (readonly number[])[];
  readonly predictions: readonly (readonly number[])[];
}

export const sourceAnswers = (folder: string, name: string): SourceAnswers =>
  JSON.parse(readFileSync(join(folder, `${name}.answers.json`), 'utf8')) as SourceAnswers;

/** The features of the recorded rows, row by row. */
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

/** How far ours and the library's answers are apart. */
export interface SourceComparison {
  readonly rows: number;
  readonly trees: number;
  /** Rows and trees in which a leaf of ours is not always the same one of the library's, or the other way round. */
  readonly leavesDiffering: number;
  /** Largest difference of a margin, as a share of what the library itself may be off: at most 1 where all is well. */
  readonly worstMargin: number;
  /** Largest difference of a probability, or of a number as a share of itself. */
  readonly worstPrediction: number;
}

/**
 * Leaves are numbered otherwise here: in each tree, ours and the library's must be the same ones, pair by pair, in all rows.
 *
 * Margins may differ by what the library itself rounds: XGBoost adds up float32, T x 2^-24 of its largest sum; LightGBM
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
    // Of two classes the libraries tell the second one's probability.
    predict({ kind: 'trees', ensemble }, row, !isClassifier)
      .slice(-due.length)
      .forEach((value, k) => {
        worstPrediction = Math.max(worstPrediction, Math.abs(value - due[k]) / Math.max(1, Math.abs(due[k])));
      });
  });
  return { rows: features.length, trees, leavesDiffering, worstMargin, worstPrediction };
}
