import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import {
  type FeatureFault,
  type FeaturePipeline,
  type FeatureTransform,
  type FittedPipeline,
  readersOf,
} from '#features';
import type { ColumnReader, RawSchema } from '#schema';
import { SerialQueue } from '#kit';
import {
  type Bundle,
  BundleError,
  type ClassLabel,
  FeatureOverflowError,
  type Manifest,
  ModelFailureError,
} from '#bundle';
import { chooseEngine, type EngineChoice, type EngineSetting } from './choose-engine.js';
import { chunks } from './chunks.js';
import { type Decision, decisionOf } from './decision.js';
import { DirectRow } from './direct-row.js';
import type { Engine, Scores } from './engine.js';
import { type AnsweredRows, type InferenceObserver, UNOBSERVED } from './inference-observer.js';
import { OnnxSession } from './onnx-session.js';
import { goldenFeatures, type ParityReport, replayGolden, toleranceOf } from './parity.js';
import { PendingRows } from './pending-rows.js';
import { mintIds } from './prediction-ids.js';
import { provenKernel } from './proven-kernel.js';
import { type RunObserver, Scorer } from './scorer.js';
import { type AnsweredTurn, TurnBatcher } from './turn-batcher.js';
import { UnknownValues } from './unknown-values.js';
import type { Verdict } from './verdict.js';

export interface Prediction {
  /** UUIDv7. */
  readonly id: string;
  /** The predicted label, or the number of a regression. */
  readonly label: ClassLabel;
  /** Index of the label in the manifest; -1 for a regression. */
  readonly classIndex: number;
  /** Of the positive class (binary), else of the predicted one. NaN for a regression. */
  readonly probability: number;
  /** Of all classes, in the manifest's order, from `offset` on; the array also contains other rows. */
  readonly scores: Scores;
  readonly offset: number;
}

/** Predictions column by column; `labels[classIndices[i]]` is the label of row `i`. All but ids and values are empty for a regression. */
export interface BatchPrediction {
  /** UUIDv7, 16 bytes for each row; see `idText`. */
  readonly ids: Buffer;
  readonly labels: readonly ClassLabel[];
  readonly classIndices: Uint16Array;
  /** As of {@link Prediction}. */
  readonly probabilities: Float32Array;
  /** Of all classes, row by row, where they were requested. */
  readonly scores?: Float32Array;
  /** Predicted numbers of a regression. */
  readonly values?: Float64Array;
}

/** Options of a batch. */
export interface BatchOptions {
  /** Returns the probabilities of all classes. */
  readonly withScores?: boolean;
  /** Whether earlier rows of the same request were already predicted. */
  readonly isContinued?: boolean;
  /** The client's own ids of the rows, where any row has one. */
  readonly externalIds?: readonly (string | undefined)[];
}

export interface InferenceOptions {
  /** ONNX Runtime threads of one run. */
  readonly threads: number;
  /** Threads of a run of many rows, which uses its own session where the number differs. */
  readonly batchThreads?: number;
  /** Defaults to `auto`. */
  readonly engine?: EngineSetting;
  /** Limit of the rows in progress, over all requests. */
  readonly maxPendingRows: number;
  /** Notified of every run, and of the rows in progress. */
  readonly observer?: InferenceObserver;
}

/** The engines for few and for many rows: the same one, or a second one with more threads. */
interface Engines {
  readonly few: Engine;
  readonly many: Engine;
}

/** Rows from which several threads pay off in ONNX Runtime: waking them takes some 10 us. */
const MANY_ROWS = 128;

/** A verified model version: raw rows in, predictions out. Independent of HTTP. */
export class ServedModel {
  readonly kind = 'pipeline';
  readonly manifest: Manifest;
  readonly inputs: RawSchema;
  /** The readers of the inputs, in order. */
  readonly readers: readonly ColumnReader[];
  /** Steps that are applied to texts as they are read. */
  readonly textSteps: FittedPipeline['steps'];
  /** The pipeline's missing tokens and unused columns. */
  readonly table: Pick<FittedPipeline, 'missing' | 'unused'>;
  readonly features: readonly string[];
  private readonly singles: TurnBatcher<Prediction> | DirectRow<Prediction>;
  /** Concurrent batches run chunk by chunk in turn, so that none blocks the event loop for longer than a chunk. */
  private readonly chunkQueue = new SerialQueue();
  /** For single rows and small chunks. */
  private readonly scorer: Scorer;
  /** For chunks of many rows. */
  private readonly batchScorer: Scorer;
  private readonly pending: PendingRows;
  private readonly decide: Decision;
  private readonly unknown: UnknownValues;
  private readonly scored: ((answered: AnsweredRows) => void) | undefined;
  private readonly closed: () => void;

  private constructor(
    bundle: Bundle,
    transform: FeatureTransform,
    private readonly engines: Engines,
    /** What its proof found. */
    readonly verdict: Verdict,
    { maxPendingRows, observer = UNOBSERVED }: InferenceOptions,
  ) {
    this.pending = new PendingRows(maxPendingRows, observer);
    // Closures of these alone: one of the bundle would keep the bytes of its model.
    const { manifest, pipeline } = bundle;
    this.manifest = manifest;
    this.decide = decisionOf(manifest);
    this.inputs = transform.inputs;
    this.readers = readersOf(pipeline, true);
    this.textSteps = pipeline.steps.filter(({ kind }) => kind === 'string_normalize');
    this.unknown = new UnknownValues(transform.inputs, (...found) => observer.unknown(manifest, ...found));
    this.table = { missing: pipeline.missing, unused: pipeline.unused };
    this.features = transform.outputs;
    this.scored = observer.scored && ((answered) => observer.scored!(manifest, answered));
    const ran: RunObserver = (...run) => observer.ran(manifest, ...run);
    this.scorer = new Scorer(transform, engines.few, ran);
    this.batchScorer = new Scorer(transform, engines.many, ran);
    const read =
      engines.few.classes > 0
        ? (scores: Scores, offset: number, id: string) => this.classPrediction(scores, offset, id)
        : (scores: Scores, row: number, id: string) => this.valuePrediction(scores, row, id);
    const settled = (rows: number): void => this.pending.leave(rows);
    const { scored } = this;
    const { length } = transform.inputs;
    this.singles =
      verdict.choice.engine === 'kernel'
        ? new DirectRow(this.scorer, length, read, settled, observer.mark, scored && rowNotifier(this.manifest, scored))
        : new TurnBatcher(
            this.scorer,
            length,
            read,
            settled,
            observer.mark,
            scored && ((turn) => this.notifyTurn(turn)),
          );
    this.closed = () => observer.closed?.(manifest);
    observer.opened?.(bundle);
  }

  /**
   * Opens the session, warms it up and replays the golden rows, so that the returned model is fit to serve.
   *
   * @param verdict of the same version and options, from another process: a kernel that reproduces it needs no session
   * @throws BundleError when pipeline, model and golden rows contradict each other
   */
  static async open(
    bundle: Bundle,
    pipeline: FeaturePipeline,
    options: InferenceOptions,
    verdict?: Verdict,
  ): Promise<ServedModel> {
    const { directory, manifest } = bundle;
    const refuse = (file: string, problem: string): never => {
      throw new BundleError(join(directory, file), problem, 'Train or import the version again');
    };
    let transform: FeatureTransform;
    try {
      transform = pipeline.compile(bundle.pipeline);
    } catch (error) {
      return refuse('pipeline.json', (error as Error).message);
    }
    const { threads, batchThreads = threads, engine = 'auto' } = options;
    if (verdict?.choice.engine === 'kernel' && engine === 'auto') {
      const kernel = await provenKernel(bundle, transform, verdict);
      if (kernel) return new ServedModel(bundle, transform, { few: kernel, many: kernel }, verdict, options);
    }
    const openWith = (count: number): Promise<OnnxSession> =>
      OnnxSession.open(bundle.model, count).catch((error: Error) => refuse('model.onnx', error.message));
    const session = await openWith(threads);
    let many: Engine = session;
    try {
      if (session.width !== transform.outputs.length) {
        refuse('model.onnx', `takes ${session.width} features, but pipeline.json computes ${transform.outputs.length}`);
      }
      if (session.classes !== manifest.classes.length) {
        const does = session.classes > 0 ? `predicts ${session.classes} classes` : 'predicts a number';
        refuse('model.onnx', `${does}, but manifest.json names ${manifest.classes.length}`);
      }
      if (session.dtype !== transform.dtype) {
        refuse('model.onnx', `takes ${session.dtype}, but pipeline.json says ${transform.dtype}`);
      }
      await session.run(session.block(1), 1);
      const parity = await replayGolden(bundle, transform, session);
      const { kernel, ...chosen } = await chooseEngine(
        {
          model: bundle.model,
          session,
          golden: goldenFeatures(bundle, transform),
          tolerance: toleranceOf(manifest),
          threads,
        },
        engine,
      );
      if (kernel) {
        const served = new ServedModel(
          bundle,
          transform,
          { few: kernel, many: kernel },
          { parity, ...chosen },
          options,
        );
        await session.release();
        return served;
      }
      if (batchThreads !== threads) {
        many = await openWith(batchThreads);
        await replayGolden(bundle, transform, many);
      }
      return new ServedModel(bundle, transform, { few: session, many }, { parity, ...chosen }, options);
    } catch (error) {
      await releaseAll(session, many);
      throw error;
    }
  }

  /** How far ONNX Runtime's answers are from the golden rows. */
  get parity(): ParityReport {
    return this.verdict.parity;
  }

  /** The engine, and why it was chosen. */
  get choice(): EngineChoice {
    return this.verdict.choice;
  }

  /**
   * Predicts one row, synchronously where the engine is a kernel. Errors of the model are rejected promises.
   *
   * @param row raw values in schema order, NaN for null
   * @param externalId the client's own id of the row
   * @throws FeatureOverflowError when a feature is not a finite float32
   * @throws ModelFailureError when the model throws, or returns NaN or Infinity
   * @throws OverloadedError when too many rows are in progress
   */
  predict(row: readonly number[], externalId?: string): Prediction | Promise<Prediction> {
    this.pending.admit(1);
    return this.singles.predict(this.unknown.inRow(row), externalId);
  }

  /**
   * Predicts many rows, chunk by chunk, and yields to the event loop in between.
   *
   * @param raw one float64 column for each raw input, in schema order, NaN for null
   * @throws FeatureOverflowError that names every affected row
   * @throws ModelFailureError when the model throws, or returns NaN or Infinity for a row
   * @throws OverloadedError when too many rows are in progress
   */
  async predictBatch(
    raw: readonly Float64Array[],
    rows: number,
    { withScores = false, isContinued = false, externalIds }: BatchOptions = {},
  ): Promise<BatchPrediction> {
    this.pending.admit(rows);
    try {
      const columns = this.unknown.inColumns(raw, rows);
      const answer = await this.runChunks(columns, rows, withScores);
      if (this.scored) this.notifyBatch(rows, isContinued ? 0 : 1, { ...answer, asked: { columns }, externalIds });
      return answer;
    } finally {
      this.pending.leave(rows);
    }
  }

  /**
   * As {@link predictBatch}, for predictions that no client receives, such as those of a shadow: no observer is notified, and the rows
   * do not count towards the limit.
   */
  scoreQuietly(raw: readonly Float64Array[], rows: number): Promise<BatchPrediction> {
    return this.runChunks(this.unknown.inColumns(raw, rows), rows, false);
  }

  /** Rows of clients that are in progress. */
  get pendingRows(): number {
    return this.pending.rows;
  }

  /** Waits for the rows in progress, then releases the engines. */
  async close(): Promise<void> {
    await this.pending.drain();
    this.closed();
    await releaseAll(this.engines.few, this.engines.many);
  }

  private async runChunks(raw: readonly Float64Array[], rows: number, withScores: boolean): Promise<BatchPrediction> {
    const { classes } = this.scorer;
    const values = classes > 0 ? undefined : new Float64Array(rows);
    const classIndices = new Uint16Array(values ? 0 : rows);
    const probabilities = new Float32Array(values ? 0 : rows);
    const kept = withScores && !values ? new Float32Array(rows * classes) : undefined;
    const faults: FeatureFault[] = [];
    for (const chunk of chunks(rows)) {
      const scorer = chunk.rows < MANY_ROWS ? this.scorer : this.batchScorer;
      await this.chunkQueue.run(async () => {
        // A kernel is synchronous; ONNX Runtime yields to the event loop itself.
        if (chunk.start > 0 && this.choice.engine === 'kernel') await turn();
        const scores = await scorer.score(raw, chunk.start, chunk.rows, faults);
        if (!scores) return;
        kept?.set(scores, chunk.start * classes);
        if (values) return this.keepValues(scores, values, chunk.start);
        for (let i = 0; i < chunk.rows; i++) {
          const winner = this.decide(scores, i * classes);
          classIndices[chunk.start + i] = winner;
          probabilities[chunk.start + i] = this.reportedOf(scores, i * classes, winner, chunk.start + i);
        }
      });
    }
    if (faults.length > 0) throw new FeatureOverflowError(faults);
    const { classes: labels } = this.manifest;
    const ids = mintIds(rows);
    return { ids, labels, classIndices, probabilities, ...(kept && { scores: kept }), ...(values && { values }) };
  }

  private classPrediction(scores: Scores, offset: number, id: string): Prediction {
    const classIndex = this.decide(scores, offset);
    const probability = this.reportedOf(scores, offset, classIndex);
    return { id, label: this.manifest.classes[classIndex], classIndex, probability, scores, offset };
  }

  private valuePrediction(scores: Scores, row: number, id: string): Prediction {
    return { id, label: finiteValue(scores[row]), classIndex: -1, probability: NaN, scores, offset: row };
  }

  private notifyTurn({ answers, ids, rows, externalIds }: AnsweredTurn<Prediction>): void {
    const { classes: labels } = this.manifest;
    this.scored!({
      start: 0,
      rows: answers.length,
      ids,
      labels,
      classIndices: answers.map(({ classIndex }) => classIndex),
      probabilities: answers.map(({ probability }) => probability),
      ...(labels.length === 0 && { values: answers.map(({ label }) => label as number) }),
      calls: answers.length,
      asked: { rows },
      externalIds,
    });
  }

  /** Notifies the observer chunk by chunk, after the response. */
  private notifyBatch(
    rows: number,
    calls: number,
    answer: BatchPrediction & Pick<AnsweredRows, 'asked' | 'externalIds'>,
  ): void {
    for (const chunk of chunks(rows)) {
      setImmediate(() => {
        this.scored!({ ...answer, ...chunk, calls: chunk.start === 0 ? calls : 0 });
      });
    }
  }

  private keepValues(scores: Scores, values: Float64Array, start: number): void {
    for (let i = 0; i < scores.length; i++) values[start + i] = finiteValue(scores[i], start + i);
  }

  /** @throws ModelFailureError when the model returned NaN or Infinity, which JSON cannot represent */
  private reportedOf(scores: Scores, offset: number, winner: number, row?: number): number {
    const probability = scores[offset + (this.scorer.classes === 2 ? 1 : winner)];
    if (!Number.isFinite(probability)) throw new ModelFailureError('The model answered no finite probability', row);
    return probability;
  }
}

/** Creates the notifier of single rows, which reuses its arrays to avoid allocations. */
function rowNotifier({ classes: labels }: Manifest, scored: (answered: AnsweredRows) => void) {
  const [classIndices, probabilities, values] = [[0], [NaN], [NaN]];
  return (
    { classIndex, probability, label }: Prediction,
    ids: Uint8Array,
    columns: readonly Float64Array[],
    externalId?: string,
  ): void => {
    classIndices[0] = classIndex;
    probabilities[0] = probability;
    if (labels.length === 0) values[0] = label as number;
    scored({
      start: 0,
      rows: 1,
      ids,
      labels,
      classIndices,
      probabilities,
      values: labels.length === 0 ? values : undefined,
      calls: 1,
      asked: { columns },
      externalIds: externalId === undefined ? undefined : [externalId],
    });
  };
}

const releaseAll = (...engines: readonly Engine[]): Promise<unknown> =>
  Promise.all([...new Set(engines)].map((engine) => engine.release()));

/** @throws ModelFailureError when the model returned NaN or Infinity, which JSON cannot represent */
function finiteValue(value: number, row?: number): number {
  if (!Number.isFinite(value)) throw new ModelFailureError('The model answered no finite number', row);
  return value;
}
