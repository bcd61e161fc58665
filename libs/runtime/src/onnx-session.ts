import { ModelFailureError } from '#bundle';
import { type FeatureBlock, type FeatureDtype, rowMajor } from '#features';
import type { Engine, Scores } from './engine.js';
import { type InferenceSession, openSession, Tensor } from './onnx-runtime.js';

const PROBABILITIES = 'probabilities';
const PREDICTION = 'prediction';

const isFloat = (type: string): type is FeatureDtype => type === 'float32' || type === 'float64';

/**
 * An opened ONNX classifier: `features` float32 or float64 [N, width] -> `probabilities` float32 [N, classes], or
 * regression -> `prediction` float64 [N]. Other outputs are left alone, a label above all: ONNX Runtime's contradicts the
 * probabilities for some layouts of trees of two classes.
 */
export class OnnxSession implements Engine {
  private constructor(
    private readonly session: InferenceSession,
    private readonly input: string,
    /** What it takes its features as. */
    readonly dtype: FeatureDtype,
    /** Number of features the model takes. */
    readonly width: number,
    /** The name of what is computed. */
    readonly output: string,
    /** Number of classes the model tells apart; 0 of a regression. */
    readonly classes: number,
  ) {}

  /**
   * @param threads intra-op threads; more than one pays only for large runs
   * @throws Error when the bytes are no ONNX model, or its inputs and outputs are not the ones above
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
        `takes [${names(session.inputMetadata)}] and gives [${names(session.outputMetadata)}]; due are one tensor of float32 or float64 [N, features] in and "${PROBABILITIES}" [N, classes] or "${PREDICTION}" float64 [N] out`,
      );
    }
    return new OnnxSession(session, input.name, dtype, width, output!.name, classes);
  }

  block(rows: number): FeatureBlock {
    const size = rows * this.width;
    return rowMajor(this.dtype === 'float32' ? new Float32Array(size) : new Float64Array(size), this.width);
  }

  private feeds(features: FeatureBlock['data'], rows: number): Record<string, Tensor> {
    return { [this.input]: new Tensor(this.dtype, features, [rows, this.width]) };
  }

  /**
   * Class probabilities, row by row: `rows` x `classes` values; of a regression `rows` values. Blocks the event loop while
   * it computes, one turn later.
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

/** Nothing where the output is neither probabilities nor values. */
function classesOf({ name, type, shape }: InferenceSession.TensorValueMetadata): number | undefined {
  if (name === PREDICTION) return type === 'float64' && shape.length === 1 ? 0 : undefined;
  const classes = shape.at(-1);
  return typeof classes === 'number' ? classes : undefined;
}
