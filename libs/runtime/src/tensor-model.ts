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

/** Rows of a request: the size of the first dimension where the model lets it vary, else 1. */
export const rowsOf = (inputs: readonly NamedTensor[], specs: readonly TensorSpec[]): number =>
  specs.every(({ shape }) => shape[0] === -1) ? (inputs[0]?.shape[0] ?? 1) : 1;

export interface TensorOptions extends InferenceOptions {
  /** Where labels come from that differ from the largest probability, of versions whose manifest does not say. */
  readonly labels?: LabelSource;
}

/** An ONNX model without a pipeline: tensors in, tensors out, as the file names them. */
export class TensorModel {
  readonly kind = 'tensor';
  readonly manifest: TensorManifest;
  /** By input: the names of its dimensions. Those of the same name are as long, others need not be. */
  readonly dimensions: ReadonlyMap<string, readonly string[]>;
  /** What answers, and why. */
  choice!: EngineChoice;
  /** Nothing once the kernel answers. */
  private session: InferenceSession | undefined;
  private kernel: TensorKernel | undefined;
  /** Large requests take turns run by run, so that none holds the event loop for longer, however many there are. */
  private readonly queue = new SerialQueue();
  private readonly pending: PendingRows;
  private source: LabelSource = 'model';
  /** Inputs that take any number of dimensions. */
  unranked: ReadonlySet<string> = new Set();

  private constructor(
    manifest: TensorManifest,
    session: InferenceSession,
    readonly inputs: readonly TensorSpec[],
    readonly outputs: readonly TensorSpec[],
    /** Where it is one whose labels and probabilities can be compared. */
    private readonly classifier: Classifier | undefined,
    private readonly options: TensorOptions,
  ) {
    this.manifest = manifest;
    this.session = session;
    this.dimensions = new Map(session.inputMetadata.map((metadata) => [metadata.name, dimensionsOf(metadata)]));
    this.pending = new PendingRows(options.maxPendingRows, options.observer ?? UNOBSERVED);
  }

  /**
   * @throws BundleError when the file is no ONNX model, takes or gives what is no tensor, or answers labels that
   *   contradict its own probabilities and nothing says which of the two is right
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
      await opened.settleLabels(path);
      await opened.chooseEngine(model);
      return opened;
    } catch (error) {
      await session.release();
      return refuse(error as Error);
    }
  }

  /** Where labels come from. */
  get labels(): LabelSource {
    return this.source;
  }

  /**
   * @param inputs one tensor per input, of its datatype and shape; checked by the caller
   * @param outputs names of those to compute; all when not given
   * @throws ModelFailureError when the model throws, or a label is due of probabilities that are no numbers
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
      const results = await this.run(inputs, this.source === 'argmax' ? this.withoutLabel(outputs) : outputs);
      this.options.observer?.ran(this.manifest, rows, 0, performance.now() - started);
      return outputs.map((name) => results.get(name) ?? this.labelOf(results));
    } finally {
      this.pending.leave(rows);
    }
  }

  /**
   * Tells the labels of some rows by the model's own output and by its largest probability.
   *
   * @param inputs the rows; seeded random ones when not given
   * @returns `undefined` where it is no classifier, or no rows can be made up for it
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
      // What is made up may be more than a model can take: that proves nothing against it.
      const part = rows && (await compareOn(rows).catch(() => undefined));
      if (!part) return undefined;
      parts.push(part);
    }
    return { own: parts.flatMap(({ own }) => own), largest: parts.flatMap(({ largest }) => largest) };
  }

  /** Waits for what is under way, then frees the session. */
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

  /** @throws BundleError when labels and probabilities differ, and nothing says which is right */
  private async settleLabels(path: string): Promise<void> {
    const { labels } = this.manifest;
    if (labels !== undefined) return this.takeLabelsFrom(labels, path);
    const compared = await this.compareLabels();
    const [row, ...others] = compared ? differingRows(compared) : [];
    if (row === undefined) return;
    if (this.options.labels !== undefined) return this.takeLabelsFrom(this.options.labels, path);
    const { own, largest } = compared!;
    throw new BundleError(
      path,
      `answers a label that contradicts its largest probability in ${others.length + 1} of ${own.length} rows (such as "${own[row]}" where that of "${largest[row]}" is the largest)`,
      'Import it with --golden, rows with the labels of its source, or say which is right: --labels model or --labels argmax; of a source: models.labels (MODELS_LABELS)',
    );
  }

  private takeLabelsFrom(source: LabelSource, path: string): void {
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
