import type { FeatureFault } from '#features';
import { FeatureOverflowError } from '#bundle';
import type { Scores } from './engine.js';
import { SingleId } from './prediction-ids.js';
import type { Scorer } from './scorer.js';

/** Predicts single rows with a synchronous engine: each row is computed on arrival, without batching. */
export class DirectRow<T> {
  private readonly raw: readonly Float64Array[];
  private readonly id = new SingleId();

  /** Parameters as of `TurnBatcher`; the arguments of `answered` are reused for the next row. */
  constructor(
    private readonly scorer: Scorer,
    columns: number,
    private readonly read: (scores: Scores, offset: number, id: string) => T,
    private readonly settled: (rows: number) => void,
    private readonly mark?: () => unknown,
    private readonly answered?: (answer: T, id: Buffer, columns: readonly Float64Array[], externalId?: string) => void,
  ) {
    this.raw = Array.from({ length: columns }, () => new Float64Array(1));
  }

  /**
   * @param row raw values in schema order, NaN for null
   * @param externalId the client's own id of the row
   * @returns the answer, or a rejected promise
   * @throws FeatureOverflowError when a feature of this row is not a finite float32
   */
  predict(row: readonly number[], externalId?: string): T | Promise<T> {
    try {
      const { raw } = this;
      for (let c = 0; c < raw.length; c++) raw[c][0] = row[c];
      const faults: FeatureFault[] = [];
      // Never a promise, because the engine is synchronous.
      const scores = this.scorer.score(raw, 0, 1, faults, this.mark && [this.mark()]) as Scores | undefined;
      if (!scores) throw new FeatureOverflowError(faults);
      const answer = this.read(scores, 0, this.id.mint());
      this.answered?.(answer, this.id.bytes, raw, externalId);
      return answer;
    } catch (error) {
      const failure = error as Error;
      return Promise.reject(failure);
    } finally {
      this.settled(1);
    }
  }
}
