import type { FeatureBlock, FeatureFault } from '#features';
import type { Engine, Scores } from './engine.js';

/** Makes the features that a model takes of rows `[start, start + rows)` of columns. */
export interface FeatureSource<Column> {
  /** @returns the features that are no finite float32 */
  transform(columns: readonly Column[], start: number, rows: number, block: FeatureBlock): readonly FeatureFault[];
}

/** Columns that are features already, one for each. */
export const AS_FEATURES: FeatureSource<Float32Array> = {
  transform(columns, start, rows, { data, rowStride, featureStride }) {
    columns.forEach((column, f) => {
      for (let i = 0, at = f * featureStride; i < rows; i++, at += rowStride) data[at] = column[start + i];
    });
    return [];
  },
};

/** Is told of every run, as an observer's `ran` of one model. */
export type RunObserver = (
  rows: number,
  featuresMilliseconds: number,
  inferenceMilliseconds: number,
  marks?: readonly unknown[],
) => void;

/** The one way from columns to scores: single rows, batches, the proof of a version and its evaluation all take it. */
export class Scorer<Column = Float64Array> {
  constructor(
    private readonly source: FeatureSource<Column>,
    private readonly engine: Engine,
    private readonly ran?: RunObserver,
  ) {}

  /** How many classes the model tells apart; 0 of a regression. */
  get classes(): number {
    return this.engine.classes;
  }

  /** How many scores a row has: one a class, of a regression one. */
  get outputs(): number {
    return this.engine.classes || 1;
  }

  /**
   * Scores of rows `[start, start + rows)`, `rows` x outputs, row by row; at once where the engine answers at once. Has
   * read the columns when it returns.
   *
   * @param faults takes the features that are no finite float32; where there is one, of these rows or before, nothing is run
   * @param marks one for each row, for the observer
   * @returns nothing where there are faults
   * @throws ModelFailureError when the model throws
   */
  score(
    columns: readonly Column[],
    start: number,
    rows: number,
    faults: FeatureFault[],
    marks?: readonly unknown[],
  ): Promise<Scores | undefined> | Scores | undefined {
    const started = performance.now();
    const block = this.engine.block(rows);
    for (const fault of this.source.transform(columns, start, rows, block)) {
      faults.push({ ...fault, row: fault.row + start });
    }
    if (faults.length > 0) return undefined;
    const computed = performance.now();
    const scores = this.engine.run(block, rows);
    if (!(scores instanceof Promise)) return this.told(scores, rows, started, computed, marks);
    return scores.then((arrived) => this.told(arrived, rows, started, computed, marks));
  }

  private told(scores: Scores, rows: number, started: number, computed: number, marks?: readonly unknown[]): Scores {
    this.ran?.(rows, computed - started, performance.now() - computed, marks);
    return scores;
  }
}
