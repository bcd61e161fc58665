import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { openStore, type PredictionRows } from '#monitoring';
import type { Arm } from '#registry';
import { columnOf, countsOf, gapsOf, LATENCY_BINS, latencyBin } from '#renewal';

const FLUSH_MILLISECONDS = 2_000;
const MINUTE = 60_000;
/** Capacity of the write buffer, in rows; further rows are dropped. */
const MAX_ROWS = 100_000;

interface ArmTally {
  readonly arm: Arm;
  readonly requests: [answered: number, failed: number];
  readonly latency: number[];
  /** Requests with a missing or unknown value, for every column, so that all columns are listed. */
  readonly gaps: Map<string, number>;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer U)[] ? U[] : never };
export type ShadowRows = Mutable<PredictionRows>;

const noRows = (): ShadowRows => ({
  ids: [],
  externalIds: [],
  models: [],
  versions: [],
  predictions: [],
  scores: [],
  slices: [],
  raw: [],
  weights: [],
});

type StoreOptions = Parameters<typeof openStore>[0];

/**
 * Counts the answers of each side of a rollout and keeps the predictions of the shadow, as evidence for the judgement.
 * Writes them to the store of predictions every two seconds. While no model has a rollout, nothing is counted, opened
 * or written.
 */
export class RolloutRecorder {
  private readonly producer = randomUUID();
  private sequence = 0;
  private tallies = new Map<string, ArmTally>();
  private rows = noRows();
  private store?: ReturnType<typeof openStore>;
  private timer?: NodeJS.Timeout;
  private writing: Promise<void> = Promise.resolve();
  /** Rows of the shadow that could not be stored. */
  dropped = 0;

  constructor(
    private readonly options: StoreOptions,
    private readonly logger: Logger,
  ) {}

  /** @param hasFailed whether the answer is an error, even of the caller: both sides have the same callers */
  answered(arm: Arm, hasFailed: boolean, milliseconds: number): void {
    const tally = this.tallyOf(arm);
    tally.requests[hasFailed ? 1 : 0]++;
    if (!hasFailed) tally.latency[latencyBin(milliseconds)]++;
    this.writeSoon();
  }

  /** @param columns of the version, and whether a request had a missing or unknown value in them */
  asked(arm: Arm, columns: Iterable<readonly [name: string, hasGap: boolean]>): void {
    const { gaps } = this.tallyOf(arm);
    for (const [name, hasGap] of columns) gaps.set(name, (gaps.get(name) ?? 0) + Number(hasGap));
    this.writeSoon();
  }

  /** Stores rows that a version scored in the shadow of another. */
  scored(rows: PredictionRows): void {
    if (this.rows.ids.length + rows.ids.length > MAX_ROWS) {
      this.dropped += rows.ids.length;
      return;
    }
    for (const key of Object.keys(this.rows) as (keyof ShadowRows)[]) (this.rows[key] as unknown[]).push(...rows[key]);
    this.writeSoon();
  }

  private tallyOf(arm: Arm): ArmTally {
    const key = `${arm.model}\n${arm.version}\n${arm.epoch}`;
    let tally = this.tallies.get(key);
    if (!tally) {
      tally = { arm, requests: [0, 0], latency: Array<number>(LATENCY_BINS).fill(0), gaps: new Map() };
      this.tallies.set(key, tally);
    }
    return tally;
  }

  /** Writes the buffered rows. */
  readonly flush = (): Promise<void> => {
    clearTimeout(this.timer);
    this.timer = undefined;
    const [tallies, rows] = [[...this.tallies.values()], this.rows];
    this.tallies = new Map();
    this.rows = noRows();
    if (tallies.length === 0 && rows.ids.length === 0) return this.writing;
    this.writing = this.writing.then(() => this.write(tallies, rows));
    return this.writing;
  };

  async close(): Promise<void> {
    await this.flush();
    await (await this.store)?.close();
  }

  private async write(tallies: readonly ArmTally[], rows: PredictionRows): Promise<void> {
    const time = Math.floor(Date.now() / MINUTE) * MINUTE;
    const counts = tallies.flatMap(({ arm: { model, version, rollout, epoch }, requests, latency, gaps }) =>
      [
        { column: columnOf(rollout, epoch, 'requests'), cells: requests },
        { column: columnOf(rollout, epoch, 'latency'), cells: latency },
        ...Array.from(gaps, ([name, requests]) => ({ column: gapsOf(rollout, epoch, name), cells: [requests] })),
      ].map(({ column, cells }) => ({
        model: countsOf(model),
        version,
        column,
        time,
        cells,
      })),
    );
    try {
      this.store ??= openStore(this.options);
      const batch = { producer: this.producer, sequence: ++this.sequence, counts };
      await (await this.store).append(rows.ids.length > 0 ? { ...batch, rows } : batch);
    } catch (error) {
      this.store = undefined;
      this.dropped += rows.ids.length;
      this.logger.warn(`The evidence of a rollout could not be stored: ${(error as Error).message} (monitor.store)`);
    }
  }

  private writeSoon(): void {
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MILLISECONDS).unref();
  }
}
