import type { FeatureBlock, FeatureFault } from '#features';
import type { Engine, Scores } from './engine.js';

/** Computes a model's features from rows `[start, start + rows)` of columns. */
export interface FeatureSource<Column> {
  /** @returns the features that are not a finite float32 */
  transform(columns: readonly Column[], start: number, rows: number, block: FeatureBlock): readonly FeatureFault[];
}

/** For columns that already are the features. */
export const AS_FEATURES: FeatureSource<Float32Array> = {
  transform(columns, start, rows, { data, rowStride, featureStride }) {
    columns.forEach((column, f) => {
      for (let i = 0, at = f * featureStride; i < rows; i++, at += rowStride) data[at] = column[start + i];
    });
    return [];
  },
};

/** Called after every run; an observer's `ran` for one model. */
export type RunObserver = (
  rows: number,
  featuresMilliseconds: number,
  inferenceMilliseconds: number,
  marks?: readonly unknown[],
) => void;

/** Computes scores from columns; shared by single rows, batches, the proof of a version and its evaluation. */
export class Scorer<Column = Float64Array> {
  constructor(
    private readonly source: FeatureSource<Column>,
    private readonly engine: Engine,
    private readonly ran?: RunObserver,
  ) {}

  /** Number of classes; 0 for a regression. */
  get classes(): number {
    return this.engine.classes;
  }

  /** Number of scores of a row: one for each class, or one for a regression. */
  get outputs(): number {
    return this.engine.classes || 1;
  }

  /**
   * Scores of rows `[start, start + rows)`, `rows` x outputs, row by row; no promise where the engine is synchronous. The
   * columns have been read when it returns.
   *
   * @param faults receives the features that are not a finite float32; the model is not run once it contains any
   * @param marks one for each row, for the observer
   * @returns undefined where there are faults
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
    if (!(scores instanceof Promise)) return this.notify(scores, rows, started, computed, marks);
    return scores.then((arrived) => this.notify(arrived, rows, started, computed, marks));
  }

  private notify(scores: Scores, rows: number, started: number, computed: number, marks?: readonly unknown[]): Scores {
    this.ran?.(rows, computed - started, performance.now() - computed, marks);
    return scores;
  }
}
