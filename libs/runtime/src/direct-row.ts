import type { FeatureFault } from '#features';
import { FeatureOverflowError } from '#bundle';
import type { Scores } from './engine.js';
import { idText, mintIds } from './prediction-ids.js';
import type { Scorer } from './scorer.js';
import type { AnsweredTurn } from './turn-batcher.js';

/** Single rows of an engine that answers at once: each is computed when it comes, and waits for none. */
export class DirectRow<T> {
  private readonly raw: readonly Float64Array[];

  /** As those of `TurnBatcher`. */
  constructor(
    private readonly scorer: Scorer,
    columns: number,
    private readonly read: (scores: Scores, offset: number, id: string) => T,
    private readonly settled: (rows: number) => void,
    private readonly mark?: () => unknown,
    private readonly answered?: (turn: AnsweredTurn<T>) => void,
  ) {
    this.raw = Array.from({ length: columns }, () => new Float64Array(1));
  }

  /**
   * Computed when it returns, where the engine answers at once.
   *
   * @param row raw values in schema order, NaN for null
   * @param externalId what its caller calls it
   * @throws FeatureOverflowError when a feature of this row is no finite float32
   */
  async predict(row: readonly number[], externalId?: string): Promise<T> {
    try {
      for (let c = 0; c < this.raw.length; c++) this.raw[c][0] = row[c];
      const faults: FeatureFault[] = [];
      const scored = this.scorer.score(this.raw, 0, 1, faults, this.mark && [this.mark()]);
      const scores = scored instanceof Promise ? await scored : scored;
      if (!scores) throw new FeatureOverflowError(faults);
      const ids = mintIds(1);
      const answer = this.read(scores, 0, idText(ids, 0));
      this.answered?.({
        answers: [answer],
        ids,
        rows: [row],
        ...(externalId !== undefined && { externalIds: [externalId] }),
      });
      return answer;
    } finally {
      this.settled(1);
    }
  }
}
