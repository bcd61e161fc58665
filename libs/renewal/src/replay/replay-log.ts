import { FeatureOverflowError } from '#bundle';
import { DAY, InputError } from '#kit';
import { findVersion, type MonitorStore } from '#monitoring';
import type { ServedModel } from '#runtime';
import { wilson } from '#statistics';
import { ReplayComparison, type LoggedRow } from './comparison.js';

/** Rows that are scored at a time. */
const CHUNK_ROWS = 4_096;

/** How the answers of a version compare with those that were given. */
export interface Replay {
  /** Logged rows that the version answers. */
  readonly rows: number;
  readonly agreed: number;
  readonly disagreed: number;
  /** Of rows that agreed, with its 95 % interval. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
  /** Of the score, or of a number that was predicted; null where none can be compared. */
  readonly largest_difference: { readonly by: number; readonly prediction_id: string } | null;
  /** Rows by the version that answered them. */
  readonly answered_by: Readonly<Record<string, number>>;
  /** Rows of which the raw values were not kept. */
  readonly not_kept: number;
  /** Rows that the version does not take. */
  readonly not_taken: number;
}

/** Scores a version on what was asked. */
class Replayer {
  private readonly asked: Float64Array[];
  private readonly waiting: LoggedRow[] = [];
  /** Rows that were not taken, by the column that was the reason. */
  readonly refused = new Map<string, number>();

  constructor(
    private readonly model: ServedModel,
    readonly comparison: ReplayComparison,
  ) {
    this.asked = model.inputs.map(() => new Float64Array(CHUNK_ROWS));
  }

  get notTaken(): number {
    return [...this.refused.values()].reduce((sum, rows) => sum + rows, 0);
  }

  async add(row: LoggedRow, raw: string): Promise<void> {
    const values = JSON.parse(raw) as Readonly<Record<string, unknown>>;
    const { inputs, readers } = this.model;
    for (const [c, { name }] of inputs.entries()) {
      const number = Object.hasOwn(values, name) ? readers[c].fromJson(values[name]) : undefined;
      if (number === undefined) return this.refuse(name);
      this.asked[c][this.waiting.length] = number;
    }
    this.waiting.push(row);
    if (this.waiting.length === CHUNK_ROWS) await this.flush();
  }

  async flush(): Promise<void> {
    const rows = this.waiting.splice(0);
    const columns = this.asked.map((column) => column.slice(0, rows.length));
    try {
      await this.compare(rows, columns);
    } catch (error) {
      if (!(error instanceof FeatureOverflowError)) throw error;
      const reasons = new Map(error.faults.map(({ row, column }) => [row, column]));
      for (const column of reasons.values()) this.refuse(column);
      const isTaken = (_: unknown, row: number): boolean => !reasons.has(row);
      await this.compare(
        rows.filter(isTaken),
        columns.map((column) => column.filter(isTaken)),
      );
    }
  }

  private refuse(column: string): void {
    this.refused.set(column, (this.refused.get(column) ?? 0) + 1);
  }

  private async compare(rows: readonly LoggedRow[], columns: readonly Float64Array[]): Promise<void> {
    if (rows.length === 0) return;
    this.comparison.add(rows, await this.model.predictBatch(columns, rows.length, { withScores: true }));
  }
}

/**
 * Asks a version what a model was asked before, as far as the raw rows were kept, and compares the answers.
 *
 * @param model is not closed
 * @throws InputError where no row can be compared, which says why and what to do
 */
export async function replayLog(store: MonitorStore, model: ServedModel, signal?: AbortSignal): Promise<Replay> {
  const { name, version, classes } = model.manifest;
  const own = JSON.stringify(classes.map(String));
  const isAlike = new Map<string, boolean>();
  const replayer = new Replayer(model, new ReplayComparison(classes));
  let notKept = 0;
  // Ids carry the time of the process that answered, whose clock may be ahead.
  for await (const row of store.predictions({ model: name, from: 0, to: Date.now() + DAY })) {
    signal?.throwIfAborted();
    if (row.raw === null) {
      notKept++;
      continue;
    }
    if (!isAlike.has(row.version)) {
      const known = await findVersion(store, name, row.version).catch(() => undefined);
      isAlike.set(row.version, known !== undefined && JSON.stringify(known.classes.map(String)) === own);
    }
    const { id, prediction, score } = row;
    await replayer.add(
      { id, version: row.version, prediction, score: isAlike.get(row.version) ? score : null },
      row.raw,
    );
  }
  await replayer.flush();
  const { comparison, notTaken, refused } = replayer;
  const { rows, agreed, largest, answeredBy } = comparison;
  if (rows === 0 && notTaken === 0) {
    throw new InputError(
      `No raw row of ${name} is kept, and ${notKept} predictions are without: set monitor.rows to sample or all (MONITOR_ROWS=sample, or monitor: { rows: sample } in config/models/${name}.yaml), and replay once servers have answered with it.`,
    );
  }
  if (rows === 0) {
    const [column] = [...refused].sort((a, b) => b[1] - a[1])[0];
    throw new InputError(
      `${name}/${version} takes none of the ${notTaken} raw rows that are kept, most often as "${column}" is not kept (monitor.excluded), not asked for then, or no value that it takes.`,
    );
  }
  return {
    rows,
    agreed,
    disagreed: rows - agreed,
    share: agreed / rows,
    ...wilson({ count: agreed, rows }),
    largest_difference: largest,
    answered_by: Object.fromEntries([...answeredBy].sort(([a], [b]) => Number(a) - Number(b))),
    not_kept: notKept,
    not_taken: notTaken,
  };
}
