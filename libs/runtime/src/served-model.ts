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
import { type RunObserver, Scorer } from './scorer.js';
import { type AnsweredTurn, TurnBatcher } from './turn-batcher.js';
import { UnknownValues } from './unknown-values.js';

export interface Prediction {
  /** UUIDv7. */
  readonly id: string;
  /** The label of a class; of a regression the number. */
  readonly label: ClassLabel;
  /** Of the label, in the order of the manifest's; -1 in a regression. */
  readonly classIndex: number;
  /** Of the positive class where there are two classes, else of the predicted one. NaN in a regression. */
  readonly probability: number;
  /** Of every class, in the order of the manifest's, from `offset` on; those of other rows stand beside them. */
  readonly scores: Scores;
  readonly offset: number;
}

/** Predictions column by column; `labels[classIndices[i]]` is the label of row `i`. Both and the probabilities are empty in a regression. */
export interface BatchPrediction {
  /** UUIDv7, 16 bytes for each row; `idText` writes them. */
  readonly ids: Buffer;
  readonly labels: readonly ClassLabel[];
  readonly classIndices: Uint16Array;
  /** As that of {@link Prediction}. */
  readonly probabilities: Float32Array;
  /** Of every class, row by row, where they were asked for. */
  readonly scores?: Float32Array;
  /** What a regression says of each row. */
  readonly values?: Float64Array;
}

/** What is asked of a batch beside its rows. */
export interface BatchOptions {
  /** Keeps the probabilities of every class. */
  readonly withScores?: boolean;
  /** Of a request that has rows answered already. */
  readonly isContinued?: boolean;
  /** What its caller calls the rows, where it calls any of them something. */
  readonly externalIds?: readonly (string | undefined)[];
}

export interface InferenceOptions {
  /** ONNX Runtime threads of one run. */
  readonly threads: number;
  /** Of a run of many rows, which takes a session of its own where the number is another one. */
  readonly batchThreads?: number;
  /** `auto` when not given. */
  readonly engine?: EngineSetting;
  /** Rows that may be under way at once, in all requests together. */
  readonly maxPendingRows: number;
  /** Is notified of every run, and of the rows under way. */
  readonly observer?: InferenceObserver;
}

/** What runs few rows, and what many: one and the same, or one with more threads. */
interface Engines {
  readonly few: Engine;
  readonly many: Engine;
}

/** Rows from which ONNX Runtime shares a run out among threads without loss: waking them takes some 10 us. */
const MANY_ROWS = 128;

/** One proven model version: raw rows in, predictions out. Knows no HTTP. */
export class ServedModel {
  readonly kind = 'pipeline';
  readonly manifest: Manifest;
  readonly inputs: RawSchema;
  /** Of the inputs, in their order: what they read is what is asked here. */
  readonly readers: readonly ColumnReader[];
  /** What is done to texts as they are read. */
  readonly textSteps: FittedPipeline['steps'];
  /** What it says of the tables that its rows come from. */
  readonly table: Pick<FittedPipeline, 'missing' | 'unused'>;
  readonly features: readonly string[];
  private readonly singles: TurnBatcher<Prediction> | DirectRow<Prediction>;
  /** Large batches take turns chunk by chunk, so that none holds the event loop for longer, however many there are. */
  private readonly chunkQueue = new SerialQueue();
  /** Of single rows, and of few. */
  private readonly scorer: Scorer;
  /** Of many rows. */
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
    readonly parity: ParityReport,
    /** What answers, and why. */
    readonly choice: EngineChoice,
    { maxPendingRows, observer = UNOBSERVED }: InferenceOptions,
  ) {
    this.pending = new PendingRows(maxPendingRows, observer);
    this.manifest = bundle.manifest;
    this.decide = decisionOf(bundle.manifest);
    this.inputs = transform.inputs;
    this.readers = readersOf(bundle.pipeline, true);
    this.textSteps = bundle.pipeline.steps.filter(({ kind }) => kind === 'string_normalize');
    this.unknown = new UnknownValues(transform.inputs, (...found) => observer.unknown(bundle.manifest, ...found));
    this.table = { missing: bundle.pipeline.missing, unused: bundle.pipeline.unused };
    this.features = transform.outputs;
    this.scored = observer.scored && ((answered) => observer.scored!(bundle.manifest, answered));
    const ran: RunObserver = (...run) => observer.ran(bundle.manifest, ...run);
    this.scorer = new Scorer(transform, engines.few, ran);
    this.batchScorer = new Scorer(transform, engines.many, ran);
    const read =
      engines.few.classes > 0
        ? (scores: Scores, offset: number, id: string) => this.classified(scores, offset, id)
        : (scores: Scores, row: number, id: string) => this.valued(scores, row, id);
    const settled = (rows: number): void => this.pending.leave(rows);
    const { scored } = this;
    const { length } = transform.inputs;
    this.singles =
      choice.engine === 'kernel'
        ? new DirectRow(this.scorer, length, read, settled, observer.mark, scored && tellOfRow(this.manifest, scored))
        : new TurnBatcher(
            this.scorer,
            length,
            read,
            settled,
            observer.mark,
            scored && ((turn) => this.tellOfTurn(turn)),
          );
    this.closed = () => observer.closed?.(bundle.manifest);
    observer.opened?.(bundle);
  }

  /**
   * Opens the session, warms it up and replays the golden rows: what this returns is fit to serve.
   *
   * @throws BundleError when pipeline, model and golden rows do not agree
   */
  static async open(bundle: Bundle, pipeline: FeaturePipeline, options: InferenceOptions): Promise<ServedModel> {
    const { directory, manifest } = bundle;
    const refuse = (file: string, problem: string): never => {
      throw new BundleError(join(directory, file), problem, 'Bring the version again from its training run');
    };
    let transform: FeatureTransform;
    try {
      transform = pipeline.compile(bundle.pipeline);
    } catch (error) {
      return refuse('pipeline.json', (error as Error).message);
    }
    const { threads, batchThreads = threads, engine = 'auto' } = options;
    const openWith = (count: number): Promise<OnnxSession> =>
      OnnxSession.open(bundle.model, count).catch((error: Error) => refuse('model.onnx', error.message));
    const session = await openWith(threads);
    const batchSession = batchThreads === threads ? session : await openWith(batchThreads);
    try {
      if (session.width !== transform.outputs.length) {
        refuse('model.onnx', `takes ${session.width} features, pipeline.json makes ${transform.outputs.length}`);
      }
      if (session.classes !== manifest.classes.length) {
        const does = session.classes > 0 ? `tells ${session.classes} classes apart` : 'predicts a number';
        refuse('model.onnx', `${does}, manifest.json names ${manifest.classes.length}`);
      }
      if (session.dtype !== transform.dtype) {
        refuse('model.onnx', `takes ${session.dtype}, pipeline.json says ${transform.dtype}`);
      }
      await session.run(session.block(1), 1);
      const parity = await replayGolden(bundle, transform, session);
      if (batchSession !== session) await replayGolden(bundle, transform, batchSession);
      const { kernel, ...choice } = await chooseEngine(
        {
          model: bundle.model,
          session,
          golden: goldenFeatures(bundle, transform),
          tolerance: toleranceOf(manifest),
          threads,
        },
        engine,
      );
      if (!kernel)
        return new ServedModel(bundle, transform, { few: session, many: batchSession }, parity, choice, options);
      const served = new ServedModel(bundle, transform, { few: kernel, many: kernel }, parity, choice, options);
      await releaseAll(session, batchSession);
      return served;
    } catch (error) {
      await releaseAll(session, batchSession);
      throw error;
    }
  }

  /**
   * At once where a kernel answers; what it throws comes as a promise that fails.
   *
   * @param row raw values in schema order, NaN for null
   * @param externalId what its caller calls it
   * @throws FeatureOverflowError when a feature is no finite float32
   * @throws ModelFailureError when the model throws, or answers NaN or Infinity
   * @throws OverloadedError when too many rows are under way
   */
  predict(row: readonly number[], externalId?: string): Prediction | Promise<Prediction> {
    this.pending.admit(1);
    return this.singles.predict(this.unknown.inRow(row), externalId);
  }

  /**
   * Predicts many rows, chunk by chunk with a turn of the event loop between.
   *
   * @param raw one float64 column per raw input, in schema order, NaN for null
   * @throws FeatureOverflowError naming every row that has such a feature
   * @throws ModelFailureError when the model throws, or answers NaN or Infinity to a row
   * @throws OverloadedError when too many rows are under way
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
      if (this.scored) this.tellOfBatch(rows, isContinued ? 0 : 1, { ...answer, asked: { columns }, externalIds });
      return answer;
    } finally {
      this.pending.leave(rows);
    }
  }

  /**
   * As {@link predictBatch}, for who only wants to know what it would have answered: its answers are nobody's, so that no observer is
   * told of them, and its rows count for no limit.
   */
  scoreQuietly(raw: readonly Float64Array[], rows: number): Promise<BatchPrediction> {
    return this.runChunks(this.unknown.inColumns(raw, rows), rows, false);
  }

  /** Rows of callers that are under way. */
  get pendingRows(): number {
    return this.pending.rows;
  }

  /** Waits for the rows under way, then frees what runs the model. */
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
        // ONNX Runtime takes a turn of the event loop itself.
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

  private classified(scores: Scores, offset: number, id: string): Prediction {
    const classIndex = this.decide(scores, offset);
    const probability = this.reportedOf(scores, offset, classIndex);
    return { id, label: this.manifest.classes[classIndex], classIndex, probability, scores, offset };
  }

  private valued(scores: Scores, row: number, id: string): Prediction {
    return { id, label: finiteValue(scores[row]), classIndex: -1, probability: NaN, scores, offset: row };
  }

  private tellOfTurn({ answers, ids, rows, externalIds }: AnsweredTurn<Prediction>): void {
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

  /** Chunk by chunk, after the answer. */
  private tellOfBatch(
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

  /** @throws ModelFailureError when the model answered NaN or Infinity, which JSON does not know */
  private reportedOf(scores: Scores, offset: number, winner: number, row?: number): number {
    const probability = scores[offset + (this.scorer.classes === 2 ? 1 : winner)];
    if (!Number.isFinite(probability)) throw new ModelFailureError('The model answered no finite probability', row);
    return probability;
  }
}

/** Tells of single rows, one after the other, in lists of one that are made once. */
function tellOfRow({ classes: labels }: Manifest, scored: (answered: AnsweredRows) => void) {
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

/** @throws ModelFailureError when the model answered NaN or Infinity, which JSON does not know */
function finiteValue(value: number, row?: number): number {
  if (!Number.isFinite(value)) throw new ModelFailureError('The model answered no finite number', row);
  return value;
}
