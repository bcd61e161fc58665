import type { ClassLabel } from '#bundle';
import type { BatchPrediction } from '#runtime';

/** Relative tolerance within which two predicted numbers agree. */
const SAME_SHARE = 1e-6;

/** The logged prediction of a row. */
export interface LoggedRow {
  readonly id: string;
  readonly version: string;
  readonly prediction: string;
  /** Of the positive class (binary), else of the predicted one; null where it cannot be compared. */
  readonly score: number | null;
}

/** Counts how often new predictions agree with the logged ones, and finds the largest difference. */
export class ReplayComparison {
  rows = 0;
  agreed = 0;
  largest: { readonly by: number; readonly prediction_id: string } | null = null;
  readonly answeredBy = new Map<string, number>();
  private readonly labels: readonly string[];

  /** @param classes of the replayed version; empty for a regression */
  constructor(classes: readonly ClassLabel[]) {
    this.labels = classes.map(String);
  }

  /** @param answers with the probabilities of all classes, or with values */
  add(rows: readonly LoggedRow[], answers: BatchPrediction): void {
    for (const [i, row] of rows.entries()) {
      this.rows++;
      this.answeredBy.set(row.version, (this.answeredBy.get(row.version) ?? 0) + 1);
      if (answers.values) this.addNumber(row, answers.values[i]);
      else this.addClass(row, answers, i);
    }
  }

  private addNumber({ id, prediction }: LoggedRow, value: number): void {
    const before = Number(prediction);
    const by = Math.abs(value - before);
    if (by <= SAME_SHARE * Math.abs(before)) this.agreed++;
    this.note(id, by);
  }

  private addClass({ id, prediction, score }: LoggedRow, { classIndices, scores }: BatchPrediction, i: number): void {
    const { labels } = this;
    if (labels[classIndices[i]] === prediction) this.agreed++;
    const scored = labels.length === 2 ? 1 : labels.indexOf(prediction);
    if (score !== null && scored >= 0) this.note(id, Math.abs(scores![i * labels.length + scored] - score));
  }

  private note(id: string, by: number): void {
    if (!Number.isNaN(by) && (this.largest === null || by > this.largest.by)) this.largest = { by, prediction_id: id };
  }
}
