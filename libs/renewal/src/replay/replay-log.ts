import { FeatureOverflowError } from '#bundle';
import { DAY, InputError } from '#kit';
import { findVersion, type MonitorStore } from '#monitoring';
import type { ServedModel } from '#runtime';
import { wilson } from '#statistics';
import { ReplayComparison, type LoggedRow } from './comparison.js';

/** Rows scored in one batch. */
const CHUNK_ROWS = 4_096;

/** Comparison of a version's predictions with the logged ones. */
export interface Replay {
  /** Number of logged rows that the version accepts. */
  readonly rows: number;
  readonly agreed: number;
  readonly disagreed: number;
  /** Share of rows that agree, with its 95 % interval. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
  /** Of the score, or of a predicted number; null where none can be compared. */
  readonly largest_difference: { readonly by: number; readonly prediction_id: string } | null;
  /** Rows by the version that answered them. */
  readonly answered_by: Readonly<Record<string, number>>;
  /** Rows without raw values. */
  readonly not_kept: number;
  /** Rows that the version rejects. */
  readonly not_taken: number;
}

/** Scores logged rows with a version, in batches. */
class Replayer {
  private readonly columns: Float64Array[];
  private readonly waiting: LoggedRow[] = [];
  /** Number of rejected rows, by the column that caused it. */
  readonly refused = new Map<string, number>();

  constructor(
    private readonly model: ServedModel,
    readonly comparison: ReplayComparison,
  ) {
    this.columns = model.inputs.map(() => new Float64Array(CHUNK_ROWS));
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
      this.columns[c][this.waiting.length] = number;
    }
    this.waiting.push(row);
    if (this.waiting.length === CHUNK_ROWS) await this.flush();
  }

  async flush(): Promise<void> {
    const rows = this.waiting.splice(0);
    const columns = this.columns.map((column) => column.slice(0, rows.length));
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
 * Scores the logged raw rows of a model with a version, and compares the predictions with the logged ones.
 *
 * @param model stays open
 * @throws InputError where no row can be compared
 */
export async function replayLog(store: MonitorStore, model: ServedModel, signal?: AbortSignal): Promise<Replay> {
  const { name, version, classes } = model.manifest;
  const own = JSON.stringify(classes.map(String));
  const hasSameClasses = new Map<string, boolean>();
  const replayer = new Replayer(model, new ReplayComparison(classes));
  let notKept = 0;
  // Ids contain the time of the server, whose clock may be ahead.
  for await (const row of store.predictions({ model: name, from: 0, to: Date.now() + DAY })) {
    signal?.throwIfAborted();
    if (row.raw === null) {
      notKept++;
      continue;
    }
    if (!hasSameClasses.has(row.version)) {
      const known = await findVersion(store, name, row.version).catch(() => undefined);
      hasSameClasses.set(row.version, known !== undefined && JSON.stringify(known.classes.map(String)) === own);
    }
    const { id, prediction, score } = row;
    await replayer.add(
      { id, version: row.version, prediction, score: hasSameClasses.get(row.version) ? score : null },
      row.raw,
    );
  }
  await replayer.flush();
  const { comparison, notTaken, refused } = replayer;
  const { rows, agreed, largest, answeredBy } = comparison;
  if (rows === 0 && notTaken === 0) {
    throw new InputError(
      `No raw row of ${name} is stored (${notKept} predictions have none): set monitor.rows to sample or all (MONITOR_ROWS=sample, or monitor: { rows: sample } in config/models/${name}.yaml), and replay after servers have answered requests with it.`,
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
