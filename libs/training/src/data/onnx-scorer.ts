import { CHUNK_ROWS } from '#features';
import { OnnxSession } from '#runtime';

/** Runs an exported model over feature columns, as serving would. */
export class OnnxScorer {
  private constructor(
    private readonly session: OnnxSession,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** @param signal stops scoring, with its reason, at the next chunk of rows */
  static async open(onnx: Uint8Array, signal?: AbortSignal): Promise<OnnxScorer> {
    return new OnnxScorer(await OnnxSession.open(onnx, 1), signal);
  }

  get classes(): number {
    return this.session.classes;
  }

  /** @returns rows x classes probabilities, row by row */
  async probabilities(columns: readonly Float32Array[]): Promise<Float64Array<ArrayBuffer>> {
    const rows = columns[0].length;
    const width = columns.length;
    const all = new Float64Array(rows * this.classes);
    for (let start = 0; start < rows; start += CHUNK_ROWS) {
      this.signal?.throwIfAborted();
      const length = Math.min(CHUNK_ROWS, rows - start);
      const matrix = new Float32Array(length * width);
      columns.forEach((column, f) => {
        for (let i = 0; i < length; i++) matrix[i * width + f] = column[start + i];
      });
      all.set(await this.session.probabilities(matrix, length), start * this.classes);
    }
    return all;
  }

  close(): Promise<void> {
    return this.session.release();
  }
}
