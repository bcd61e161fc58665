import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { BundleError, type LabelSource, ModelFailureError, type TensorBundle, type TensorManifest } from '#bundle';
import { SerialQueue } from '#kit';
import type { EngineChoice } from './choose-engine.js';
import { UNOBSERVED } from './inference-observer.js';
import { Classifier, differingRows, type RowLabels } from './labels/classifier.js';
import { PROBE_ROWS, probeRows } from './labels/probe-rows.js';
import { dimensionsOf, fromRuntime, type InferenceSession, openSession, specOf, toRuntime } from './onnx-runtime.js';
import { PendingRows } from './pending-rows.js';
import type { InferenceOptions } from './served-model.js';
import type { NamedTensor, TensorSpec } from './tensor.js';
import { chooseTensorKernel, TensorKernel } from './tensor-kernel.js';

/** Number of rows of a request: the size of the first dimension where it is variable, else 1. */
export const rowsOf = (inputs: readonly NamedTensor[], specs: readonly TensorSpec[]): number =>
  specs.every(({ shape }) => shape[0] === -1) ? (inputs[0]?.shape[0] ?? 1) : 1;

export interface TensorOptions extends InferenceOptions {
  /** Source of labels that differ from the largest probability, for versions whose manifest does not define it. */
  readonly labels?: LabelSource;
}

/** An ONNX model without a pipeline: tensors in, tensors out, as the file names them. */
export class TensorModel {
  readonly kind = 'tensor';
  readonly manifest: TensorManifest;
  /** Names of the dimensions, by input. Dimensions of the same name have equal sizes. */
  readonly dimensions: ReadonlyMap<string, readonly string[]>;
  /** The engine, and why it was chosen. */
  choice!: EngineChoice;
  /** Undefined where the engine is the kernel. */
  private session: InferenceSession | undefined;
  private kernel: TensorKernel | undefined;
  /** Concurrent large requests run chunk by chunk in turn, so that none blocks the event loop for longer than a chunk. */
  private readonly queue = new SerialQueue();
  private readonly pending: PendingRows;
  private source: LabelSource = 'model';
  /** Inputs with any number of dimensions. */
  unranked: ReadonlySet<string> = new Set();

  private constructor(
    manifest: TensorManifest,
    session: InferenceSession,
    readonly inputs: readonly TensorSpec[],
    readonly outputs: readonly TensorSpec[],
    /** Undefined where labels and probabilities cannot be compared. */
    private readonly classifier: Classifier | undefined,
    private readonly options: TensorOptions,
  ) {
    this.manifest = manifest;
    this.session = session;
    this.dimensions = new Map(session.inputMetadata.map((metadata) => [metadata.name, dimensionsOf(metadata)]));
    this.pending = new PendingRows(options.maxPendingRows, options.observer ?? UNOBSERVED);
  }

  /**
   * @throws BundleError when the file is not an ONNX model, has inputs or outputs that are not tensors, or returns labels that
   *   contradict its probabilities while nothing defines which of the two is right
   */
  static async open({ directory, manifest, model }: TensorBundle, options: TensorOptions): Promise<TensorModel> {
    const path = join(directory, 'model.onnx');
    const refuse = (error: Error): never => {
      throw error instanceof BundleError
        ? error
        : new BundleError(path, error.message.replace(/\.+$/, ''), 'Export it again and import it');
    };
    const session = await openSession(model, options.threads).catch(refuse);
    try {
      const [inputs, outputs] = [session.inputMetadata.map(specOf), session.outputMetadata.map(specOf)];
      const classifier = await Classifier.find(model, outputs);
      const opened = new TensorModel(manifest, session, inputs, outputs, classifier, options);
      if (inputs.some(({ shape }) => shape.length === 0)) {
        const { unrankedInputs } = await import('#onnx');
        opened.unranked = unrankedInputs(model);
      }
      await opened.chooseLabelSource(path);
      await opened.chooseEngine(model);
      return opened;
    } catch (error) {
      await session.release();
      return refuse(error as Error);
    }
  }

  /** The source of labels. */
  get labels(): LabelSource {
    return this.source;
  }

  /**
   * @param inputs one tensor for each input, of its datatype and shape; checked by the caller
   * @param outputs names of the outputs to compute; by default all
   * @throws ModelFailureError when the model throws, or a label cannot be computed because a probability is NaN
   * @throws OverloadedError when too many rows are in progress
   */
  async infer(
    inputs: readonly NamedTensor[],
    outputs: readonly string[] = this.outputs.map(({ name }) => name),
  ): Promise<NamedTensor[]> {
    const rows = rowsOf(inputs, this.inputs);
    this.pending.admit(rows);
    try {
      const started = performance.now();
      const results = await this.run(inputs, this.source === 'argmax' ? this.withoutLabel(outputs) : outputs);
      this.options.observer?.ran(this.manifest, rows, 0, performance.now() - started);
      return outputs.map((name) => results.get(name) ?? this.labelOf(results));
    } finally {
      this.pending.leave(rows);
    }
  }

  /**
   * Determines the labels of rows from the model's label output and from its largest probability.
   *
   * @param inputs the rows; by default seeded random ones
   * @returns `undefined` where the model is not a classifier, or no rows can be generated for it
   * @throws ModelFailureError when the model throws on given rows
   */
  async compareLabels(inputs?: readonly NamedTensor[]): Promise<RowLabels | undefined> {
    const { classifier } = this;
    if (!classifier) return undefined;
    const names = [classifier.label.name, classifier.probabilities.name];
    const compareOn = async (rows: readonly NamedTensor[]): Promise<RowLabels | undefined> => {
      const results = await this.run(rows, names);
      return classifier.compare(results.get(names[0])!, results.get(names[1])!);
    };
    if (inputs) return compareOn(inputs);
    const size = this.inputs[0]?.shape[0] ?? 1;
    const parts: RowLabels[] = [];
    for (let seed = 0; seed * Math.abs(size) < (size === -1 ? 1 : PROBE_ROWS); seed++) {
      const rows = probeRows(this.inputs, classifier.splits, PROBE_ROWS, seed);
      // A model may reject generated rows, which proves nothing against it.
      const part = rows && (await compareOn(rows).catch(() => undefined));
      if (!part) return undefined;
      parts.push(part);
    }
    return { own: parts.flatMap(({ own }) => own), largest: parts.flatMap(({ largest }) => largest) };
  }

  /** Waits for the requests in progress, then releases the engine. */
  async close(): Promise<void> {
    await this.pending.drain();
    this.kernel = undefined;
    await this.session?.release();
  }

  private async chooseEngine(model: Uint8Array): Promise<void> {
    const { threads, engine = 'auto' } = this.options;
    const names = this.outputs.map(({ name }) => name);
    const { kernel, ...choice } = await chooseTensorKernel(
      () => TensorKernel.of(model, this.inputs, this.outputs),
      (probe) => this.run([probe], names),
      threads,
      engine,
    );
    this.choice = choice;
    if (!kernel) return;
    await this.session!.release();
    this.session = undefined;
    this.kernel = kernel;
  }

  /** @throws BundleError when labels and probabilities differ, and nothing defines which is right */
  private async chooseLabelSource(path: string): Promise<void> {
    const { labels } = this.manifest;
    if (labels !== undefined) return this.setLabelSource(labels, path);
    const compared = await this.compareLabels();
    const [row, ...others] = compared ? differingRows(compared) : [];
    if (row === undefined) return;
    if (this.options.labels !== undefined) return this.setLabelSource(this.options.labels, path);
    const { own, largest } = compared!;
    throw new BundleError(
      path,
      `answers a label that contradicts its largest probability in ${others.length + 1} of ${own.length} rows (such as "${own[row]}" where that of "${largest[row]}" is the largest)`,
      'Import it with --golden, rows with the labels of its source, or say which is right: --labels model or --labels argmax; of a source: models.labels (MODELS_LABELS)',
    );
  }

  private setLabelSource(source: LabelSource, path: string): void {
    if (source === 'argmax' && !this.classifier) {
      const problem = 'does not tell the labels of its classes, so that they cannot come from the largest probability';
      throw new BundleError(path, problem, 'Import it with --labels model');
    }
    this.source = source;
  }

  private withoutLabel(outputs: readonly string[]): string[] {
    const { label, probabilities } = this.classifier!;
    return [...new Set(outputs.map((name) => (name === label.name ? probabilities.name : name)))];
  }

  private labelOf(results: ReadonlyMap<string, NamedTensor>): NamedTensor {
    const { probabilities } = this.classifier!;
    const label = this.classifier!.labelOf(results.get(probabilities.name)!);
    if (typeof label !== 'number') return label;
    throw new ModelFailureError('The model answered no finite probability', label);
  }

  private async run(
    inputs: readonly NamedTensor[],
    outputs: readonly string[],
  ): Promise<ReadonlyMap<string, NamedTensor>> {
    try {
      if (this.kernel) return await this.kernel.run(inputs[0], outputs, this.nextTurn);
      if (!this.session) throw new Error('It is closed');
      const feeds = Object.fromEntries(inputs.map((input) => [input.name, toRuntime(input)]));
      const results = await this.session.run(feeds, outputs);
      return new Map(outputs.map((name) => [name, fromRuntime(name, results[name])]));
    } catch (cause) {
      throw new ModelFailureError('The model failed', undefined, { cause });
    }
  }

  private readonly nextTurn = (): Promise<void> => this.queue.run(() => turn());
}
