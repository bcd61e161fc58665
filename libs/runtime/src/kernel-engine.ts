import { ModelFailureError } from '#bundle';
import { CHUNK_ROWS, type FeatureBlock, type FeatureDtype } from '#features';
import { GraphKernel } from '#trees';
import type { Engine, Scores } from './engine.js';

/** Runs a tree model in WebAssembly, synchronously, with at most {@link CHUNK_ROWS} rows in a run. */
export class KernelEngine implements Engine {
  private constructor(
    private kernel: GraphKernel | undefined,
    readonly width: number,
    readonly classes: number,
    private readonly output: string,
    private readonly features: FeatureBlock,
  ) {}

  /**
   * @param output name of the output: a matrix has one column for each class, a vector is a regression
   * @returns a string that says why no kernel can run the model
   */
  static of(model: Uint8Array, output: string): KernelEngine | string {
    const kernel = GraphKernel.of(model, [output], CHUNK_ROWS);
    if (typeof kernel === 'string') return kernel;
    const { data, rows, width } = kernel.input;
    const features = { data, rowStride: 1, featureStride: rows };
    const scores = kernel.output(output);
    return new KernelEngine(kernel, width, scores.isFlat ? 0 : scores.width, output, features);
  }

  get dtype(): FeatureDtype {
    return this.features.data instanceof Float32Array ? 'float32' : 'float64';
  }

  /** The thresholds of its trees, by feature. */
  get splits(): GraphKernel['splits'] {
    return this.opened().splits;
  }

  /** Whether the result is exact, so that every correct engine gives the same bits. */
  get isExact(): boolean {
    return this.opened().isExact;
  }

  block(): FeatureBlock {
    return this.features;
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
