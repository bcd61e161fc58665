import { CHUNK_ROWS } from '#features';
import { AS_FEATURES, type Engine, openEngine, Scorer } from '#runtime';

/** Runs an exported model on feature columns, as serving does. */
export class OnnxScorer {
  private readonly scorer: Scorer<Float32Array>;

  private constructor(
    private readonly engine: Engine,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.scorer = new Scorer(AS_FEATURES, engine);
  }

  /** @param signal aborts scoring, with its reason, at the next chunk of rows */
  static async open(onnx: Uint8Array, signal?: AbortSignal): Promise<OnnxScorer> {
    return new OnnxScorer(await openEngine(onnx), signal);
  }

  get classes(): number {
    return this.scorer.classes;
  }

  /**
   * @param columns one per feature, of finite numbers
   * @returns rows x classes probabilities, row-major; for a regression one number per row
   */
  async probabilities(columns: readonly Float32Array[]): Promise<Float64Array<ArrayBuffer>> {
    const rows = columns[0].length;
    const { outputs } = this.scorer;
    const all = new Float64Array(rows * outputs);
    for (let start = 0; start < rows; start += CHUNK_ROWS) {
      this.signal?.throwIfAborted();
      const scores = await this.scorer.score(columns, start, Math.min(CHUNK_ROWS, rows - start), []);
      all.set(scores!, start * outputs);
    }
    return all;
  }

  close(): Promise<void> {
    return this.engine.release();
  }
}
