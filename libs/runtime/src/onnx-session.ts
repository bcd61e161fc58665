import { ModelFailureError } from '#bundle';
import { type FeatureBlock, type FeatureDtype, rowMajor } from '#features';
import type { Engine, Scores } from './engine.js';
import { createTensor, type InferenceSession, openSession, type Tensor } from './onnx-runtime.js';

export const PROBABILITIES = 'probabilities';
export const PREDICTION = 'prediction';

const isFloat = (type: string): type is FeatureDtype => type === 'float32' || type === 'float64';

/**
 * An opened ONNX model: `features` float32 or float64 [N, width] -> `probabilities` float32 [N, classes] (classifier) or
 * `prediction` float64 [N] (regression). Other outputs are ignored, in particular the label, which contradicts the
 * probabilities in ONNX Runtime for some layouts of binary trees.
 */
export class OnnxSession implements Engine {
  private constructor(
    private readonly session: InferenceSession,
    private readonly input: string,
    /** Datatype of the features. */
    readonly dtype: FeatureDtype,
    /** Number of features. */
    readonly width: number,
    /** Name of the computed output. */
    readonly output: string,
    /** Number of classes; 0 for a regression. */
    readonly classes: number,
  ) {}

  /**
   * @param threads intra-op threads; more than one pays off only for large runs
   * @throws Error when the bytes are not an ONNX model, or it has other inputs and outputs
   */
  static async open(model: Uint8Array, threads: number): Promise<OnnxSession> {
    const session = await openSession(model, threads);
    const [input] = session.inputMetadata;
    const output = session.outputMetadata.find(({ name }) => name === PROBABILITIES || name === PREDICTION);
    const width = input.isTensor ? input.shape.at(-1) : undefined;
    const classes = output?.isTensor ? classesOf(output) : undefined;
    const dtype = input.isTensor && isFloat(input.type) ? input.type : undefined;
    if (session.inputMetadata.length !== 1 || !dtype || typeof width !== 'number' || classes === undefined) {
      await session.release();
      const names = (metadata: typeof session.inputMetadata): string => metadata.map(({ name }) => name).join(', ');
      throw new Error(
        `takes [${names(session.inputMetadata)}] and gives [${names(session.outputMetadata)}]; expected one input tensor of float32 or float64 [N, features], and the output "${PROBABILITIES}" [N, classes] or "${PREDICTION}" float64 [N]`,
      );
    }
    return new OnnxSession(session, input.name, dtype, width, output!.name, classes);
  }

  block(rows: number): FeatureBlock {
    const size = rows * this.width;
    return rowMajor(this.dtype === 'float32' ? new Float32Array(size) : new Float64Array(size), this.width);
  }

  private feeds(features: FeatureBlock['data'], rows: number): Record<string, Tensor> {
    return { [this.input]: createTensor(this.dtype, features, [rows, this.width]) };
  }

  /**
   * Class probabilities, row by row: `rows` x `classes` values, or `rows` values for a regression. The computation runs in the
   * next turn of the event loop, and blocks it.
   *
   * @param block exactly `rows` x `width` values; must not change until the promise settles
   * @throws ModelFailureError when the model throws
   */
  async run({ data }: FeatureBlock, rows: number): Promise<Scores> {
    try {
      const results = await this.session.run(this.feeds(data, rows), [this.output]);
      return results[this.output].data as Scores;
    } catch (cause) {
      throw new ModelFailureError('The model failed', undefined, { cause });
    }
  }

  /** Frees the native memory. */
  release(): Promise<void> {
    return this.session.release();
  }
}

/** @returns undefined where the output is neither probabilities nor values */
function classesOf({ name, type, shape }: InferenceSession.TensorValueMetadata): number | undefined {
  if (name === PREDICTION) return type === 'float64' && shape.length === 1 ? 0 : undefined;
  const classes = shape.at(-1);
  return typeof classes === 'number' ? classes : undefined;
}
