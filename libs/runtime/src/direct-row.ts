import type { FeatureFault } from '#features';
import { FeatureOverflowError } from '#bundle';
import type { Scores } from './engine.js';
import { SingleId } from './prediction-ids.js';
import type { Scorer } from './scorer.js';

/** Single rows of an engine that answers at once: each is computed when it comes, and waits for none. */
export class DirectRow<T> {
  private readonly raw: readonly Float64Array[];
  private readonly id = new SingleId();

  /** As those of `TurnBatcher`; what `answered` is given holds until the next row. */
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
   * @param externalId what its caller calls it
   * @returns the answer; a promise that fails where there is none
   * @throws FeatureOverflowError when a feature of this row is no finite float32
   */
  predict(row: readonly number[], externalId?: string): T | Promise<T> {
    try {
      const { raw } = this;
      for (let c = 0; c < raw.length; c++) raw[c][0] = row[c];
      const faults: FeatureFault[] = [];
      // No promise: the engine answers at once.
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
