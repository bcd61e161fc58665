import { ModelFailureError } from '#bundle';
import { CHUNK_ROWS, type FeatureBlock, type FeatureDtype } from '#features';
import { GraphKernel } from '#trees';
import type { Engine, Scores } from './engine.js';

/** A model of trees computed by WebAssembly, at once: of at most {@link CHUNK_ROWS} rows a run. */
export class KernelEngine implements Engine {
  private constructor(
    private kernel: GraphKernel | undefined,
    readonly width: number,
    readonly classes: number,
    private readonly output: string,
    private readonly room: FeatureBlock,
  ) {}

  /**
   * @param output the name of what is computed: of a matrix the columns are classes, a vector is a regression's
   * @returns what keeps the model from it, in words
   */
  static of(model: Uint8Array, output: string): KernelEngine | string {
    const kernel = GraphKernel.of(model, [output], CHUNK_ROWS);
    if (typeof kernel === 'string') return kernel;
    const { data, rows, width } = kernel.input;
    const room = { data, rowStride: 1, featureStride: rows };
    const scores = kernel.output(output);
    return new KernelEngine(kernel, width, scores.isFlat ? 0 : scores.width, output, room);
  }

  /** What it takes its features as. */
  get dtype(): FeatureDtype {
    return this.room.data instanceof Float32Array ? 'float32' : 'float64';
  }

  /** Where its trees part each feature. */
  get splits(): GraphKernel['splits'] {
    return this.opened().splits;
  }

  /** Whether every right answer has the same bits. */
  get isExact(): boolean {
    return this.opened().isExact;
  }

  block(): FeatureBlock {
    return this.room;
  }

  run(_: FeatureBlock, rows: number): Scores {
    const kernel = this.opened();
    kernel.run(rows);
    const { data } = kernel.output(this.output);
    if (this.classes === 0) return data.slice(0, rows);
    const scores = new Float32Array(rows * this.classes);
    for (let i = 0; i < scores.length; i++) scores[i] = data[i];
    return scores;
  }

  release(): Promise<void> {
    this.kernel = undefined;
    return Promise.resolve();
  }

  private opened(): GraphKernel {
    if (!this.kernel) throw new ModelFailureError('The model failed', undefined, { cause: new Error('It is closed') });
    return this.kernel;
  }
}
