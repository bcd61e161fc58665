import { join } from 'node:path';
import type { TensorBundle, TensorManifest } from './bundle/bundle.js';
import { BundleError } from './bundle/bundle.error.js';
import { ModelFailureError } from './inference.errors.js';
import { UNOBSERVED } from './inference-observer.js';
import { fromRuntime, type InferenceSession, openSession, specOf, toRuntime } from './onnx-runtime.js';
import { PendingRows } from './pending-rows.js';
import type { InferenceOptions } from './served-model.js';
import type { NamedTensor, TensorSpec } from './tensor.js';

/** Rows of a request: the size of the first dimension where the model lets it vary, else 1. */
export const rowsOf = (inputs: readonly NamedTensor[], specs: readonly TensorSpec[]): number =>
  specs.every(({ shape }) => shape[0] === -1) ? (inputs[0]?.shape[0] ?? 1) : 1;

/** An ONNX model without a pipeline: tensors in, tensors out, as the file names them. */
export class TensorModel {
  readonly kind = 'tensor';
  readonly manifest: TensorManifest;
  private readonly pending: PendingRows;

  private constructor(
    manifest: TensorManifest,
    private readonly session: InferenceSession,
    readonly inputs: readonly TensorSpec[],
    readonly outputs: readonly TensorSpec[],
    private readonly options: InferenceOptions,
  ) {
    this.manifest = manifest;
    this.pending = new PendingRows(options.maxPendingRows, options.observer ?? UNOBSERVED);
  }

  /** @throws BundleError when the file is no ONNX model, or takes or gives what is no tensor */
  static async open({ directory, manifest, model }: TensorBundle, options: InferenceOptions): Promise<TensorModel> {
    const refuse = (error: Error): never => {
      throw new BundleError(join(directory, 'model.onnx'), error.message, 'Export it anew and import it');
    };
    const session = await openSession(model, options.threads).catch(refuse);
    try {
      const [inputs, outputs] = [session.inputMetadata.map(specOf), session.outputMetadata.map(specOf)];
      return new TensorModel(manifest, session, inputs, outputs, options);
    } catch (error) {
      await session.release();
      return refuse(error as Error);
    }
  }

  /**
   * @param inputs one tensor per input, of its datatype and shape; checked by the caller
   * @param outputs names of those to compute; all when not given
   * @throws ModelFailureError when the model throws
   * @throws OverloadedError when too many rows are under way
   */
  async infer(
    inputs: readonly NamedTensor[],
    outputs: readonly string[] = this.outputs.map(({ name }) => name),
  ): Promise<NamedTensor[]> {
    const rows = rowsOf(inputs, this.inputs);
    this.pending.admit(rows);
    try {
      const started = performance.now();
      const feeds = Object.fromEntries(inputs.map((input) => [input.name, toRuntime(input)]));
      const results = await this.session.run(feeds, outputs);
      this.options.observer?.ran(this.manifest, rows, 0, performance.now() - started);
      return outputs.map((name) => fromRuntime(name, results[name]));
    } catch (cause) {
      throw new ModelFailureError('The model failed', undefined, { cause });
    } finally {
      this.pending.leave(rows);
    }
  }

  /** Waits for what is under way, then frees the session. */
  async close(): Promise<void> {
    await this.pending.drain();
    await this.session.release();
  }
}
