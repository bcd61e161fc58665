import { join } from 'node:path';
import { InputError } from '#kit';
import { findVersion, type MonitorStore, type WatchedVersion } from '#monitoring';
import { extendTable, openDataSource } from '#tables';

/** The rows of the log that a training used in addition to its table. */
export interface LogRows {
  /** Number of rows of the log that were added. */
  readonly rows: number;
  /** Start of the window in which they were predicted, and until whose end they were labelled; ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** Number of labelled rows that were left out, by reason. */
  readonly left_out: {
    /** The raw row was not kept. */
    readonly not_kept: number;
    /** A later row has the same external id. */
    readonly repeated: number;
    /** A column that the champion reads was not kept. */
    readonly incomplete: number;
    /** The label is not one of the champion's classes, or the row does not fit the table. */
    readonly unfit: number;
  };
  /** In words. */
  readonly note: string;
}

/** The input of a training. */
export interface TrainingTable {
  /** A copy of `data.path` with rows of the log appended; absent where no rows were added. */
  readonly path?: string;
  readonly log: LogRows;
}

export interface TrainingTableRequest {
  readonly store: MonitorStore;
  readonly model: string;
  /** Undefined where no version has served yet. */
  readonly champion: string | undefined;
  /** CSV or Parquet. */
  readonly path: string;
  readonly target: string;
  /** Folder of the table, whose name is that of the model. */
  readonly folder: string;
  /** Earliest time of the predictions, in milliseconds since the epoch. */
  readonly from: number;
  /** Exclusive; also the end of the labels that count. */
  readonly to: number;
  /** Whether labels come from authenticated clients: others could poison the training data. */
  readonly trustsLabels: boolean;
  readonly signal?: AbortSignal;
}

type Cell = string | number | boolean | null;
type Row = Readonly<Record<string, Cell>>;

/** Reads the rows of the log that a model may be trained on, and counts the others by reason. */
class LabelledRows {
  readonly counts = { not_kept: 0, repeated: 0, incomplete: 0, unfit: 0 };
  rows = 0;
  /** The last labelled row of each external id. */
  private readonly last = new Map<string, string>();
  private readonly classes: ReadonlySet<string>;

  constructor(
    private readonly request: TrainingTableRequest,
    private readonly champion: WatchedVersion,
  ) {
    this.classes = new Set(champion.classes.map(String));
  }

  async *read(): AsyncGenerator<Row> {
    const { last } = this;
    for await (const { id, externalId, raw } of this.labelled()) {
      if (externalId !== null && raw !== null) last.set(externalId, id);
    }
    for await (const { id, externalId, raw, label } of this.labelled()) {
      const row = raw === null ? 'not_kept' : this.rowOf(raw, label);
      if (raw !== null && externalId !== null && last.get(externalId) !== id) this.counts.repeated++;
      else if (typeof row === 'string') this.counts[row]++;
      else {
        this.rows++;
        yield row;
      }
    }
  }

  /** Oldest first. */
  private async *labelled(): AsyncGenerator<{
    id: string;
    externalId: string | null;
    raw: string | null;
    label: string;
  }> {
    const { store, model, from, to, signal } = this.request;
    for await (const { id, time, externalId, raw, label, observedAt } of store.predictions({ model, from, to })) {
      signal?.throwIfAborted();
      if (label !== null && (observedAt ?? time) < to) yield { id, externalId, raw, label };
    }
  }

  private rowOf(raw: string, label: string): Row | 'incomplete' | 'unfit' {
    const values = JSON.parse(raw) as Row;
    const isRegression = this.champion.task === 'regression';
    const isLabel = isRegression ? label.trim() !== '' && Number.isFinite(Number(label)) : this.classes.has(label);
    if (!isLabel) return 'unfit';
    if (this.champion.inputs.some(({ name }) => !Object.hasOwn(values, name))) return 'incomplete';
    return { ...values, [this.request.target]: isRegression ? Number(label) : label };
  }
}

const REASONS: Readonly<Record<keyof LogRows['left_out'], string>> = {
  not_kept: 'without their raw values (monitor.rows)',
  repeated: 'that came again later by the same id',
  incomplete: 'without a column that the model reads (monitor.excluded)',
  unfit: 'with a label or a value that has no place in the table',
};

function noteOf(rows: number, leftOut: LogRows['left_out']): string {
  const reasons = Object.entries(REASONS).flatMap(([key, words]) => {
    const count = leftOut[key as keyof typeof REASONS];
    return count > 0 ? [`${count} ${words}`] : [];
  });
  const taken =
    rows > 0 ? `the table and ${rows} labelled rows of the log` : 'the table alone: no labelled row of the log fits';
  return reasons.length > 0 ? `${taken}; left out: ${reasons.join(', ')}` : taken;
}

async function* startingWith<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}

/**
 * Creates the table that a renewal trains on: the model's table, then the labelled rows of the log whose raw values were kept, oldest
 * first, the latest of each external id. Rows of the table keep their positions and texts, and hence their side of a split by hash. The
 * result is deterministic: the same table, log and window give the same bytes.
 *
 * @throws InputError where the table cannot be read
 */
export async function trainingTable(request: TrainingTableRequest): Promise<TrainingTable> {
  const { store, model, champion, path, from, to, folder, trustsLabels } = request;
  const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const alone = (note: string, counts = { not_kept: 0, repeated: 0, incomplete: 0, unfit: 0 }): TrainingTable => ({
    log: { rows: 0, ...span, left_out: counts, note },
  });
  if (!trustsLabels) return alone('the table alone: labels do not count, as servers have no keys');
  if (champion === undefined) return alone('the table alone: no version has served yet');
  const watched = await findVersion(store, model, champion).catch((error: unknown) => {
    if (error instanceof InputError) return undefined;
    throw error;
  });
  if (!watched) return alone(`the table alone: no server with a log has served version ${champion}`);
  const labelled = new LabelledRows(request, watched);
  const rows = labelled.read();
  const first = await rows.next();
  if (first.done === true) return alone(noteOf(0, labelled.counts), labelled.counts);
  const { format } = await openDataSource(path);
  const out = join(folder, `${model}.${format}`);
  const added = await extendTable(path, startingWith(first.value, rows), out);
  const counts = { ...labelled.counts, unfit: labelled.counts.unfit + labelled.rows - added };
  const note = noteOf(added, counts);
  return added === 0 ? alone(note, counts) : { path: out, log: { rows: added, ...span, left_out: counts, note } };
}
