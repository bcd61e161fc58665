import { randomUUID } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY } from '#kit';
import type { OpenedDatabase } from '#tables';
import type {
  Batch,
  CellCount,
  CountQuery,
  ErrorSum,
  EventQuery,
  KnownPrediction,
  StoreLease,
  MonitorEvent,
  MonitorStore,
  OutcomeCount,
  OutcomeQuery,
  Retention,
  RowQuery,
  Span,
  StoreUsage,
} from '../monitor-store.js';
import { dayOf, type StoredPrediction, timeOf } from '../rows.js';
import { takeLease } from './file-lease.js';
import { appendLine, ifMissing, readStoreManifest } from './manifest.js';
import { keepNote, readNotes } from './notes.js';
import type { Queries } from './queries.js';
import { SegmentLog } from './segment-log.js';
import { segmentsOf, takeSnapshot } from './snapshot.js';

/** Maintenance may remove files while a query reads them; then the query is retried. */
const ATTEMPTS = 5;
const MAINTENANCE_SECONDS = 600;
const EVER: Span = { from: 0, to: Number.MAX_SAFE_INTEGER };

export interface FileStoreOptions {
  readonly folder: string;
  /** Size limit: beyond it the oldest raw rows are removed, then the oldest records. */
  readonly maxBytes: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * A store in a local folder, shared by any number of processes. Each process appends to its own segments, and maintenance
 * moves them into Parquet files. DuckDB is loaded on the first query, so a process that only appends never loads it.
 */
export class FileStore implements MonitorStore {
  private readonly logs = new Map<string, SegmentLog>();
  private readonly owner = randomUUID();
  private readonly folder: string;
  private readonly now: () => number;

  constructor(private readonly options: FileStoreOptions) {
    this.folder = options.folder;
    this.now = options.now ?? Date.now;
  }

  append(batch: Batch): Promise<void> {
    let log = this.logs.get(batch.producer);
    if (!log) {
      log = new SegmentLog(join(this.folder, 'segments'), batch.producer, this.now);
      this.logs.set(batch.producer, log);
    }
    return log.append(batch);
  }

  models(): Promise<string[]> {
    return this.query(EVER, (queries) => queries.models());
  }

  counts(query: CountQuery): Promise<CellCount[]> {
    return this.query(query, (queries) => queries.counts(query));
  }

  outcomes(query: OutcomeQuery): Promise<OutcomeCount[]> {
    return this.query(query, (queries) => queries.outcomes(query));
  }

  errors(query: OutcomeQuery): Promise<ErrorSum[]> {
    return this.query(query, (queries) => queries.errors(query));
  }

  async *predictions(query: RowQuery): AsyncGenerator<StoredPrediction> {
    const { result, database } = await this.open(query, (queries) => queries.predictions(query));
    try {
      yield* result;
    } finally {
      await database.close();
    }
  }

  async known(ids: readonly string[]): Promise<ReadonlyMap<string, KnownPrediction>> {
    if (ids.length === 0) return new Map();
    const days = ids.reduce(
      ({ from, to }, id) => {
        const day = dayOf(timeOf(id));
        return { from: Math.min(from, day), to: Math.max(to, day + DAY) };
      },
      { from: Infinity, to: 0 },
    );
    return this.query(days, (queries) => queries.known(ids));
  }

  async byExternalId(externalIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    if (externalIds.length === 0) return new Map();
    return this.query(EVER, (queries) => queries.byExternalId(externalIds));
  }

  async events({ model, kind, from = 0 }: EventQuery): Promise<MonitorEvent[]> {
    const text = await readFile(this.eventFile, 'utf8').catch(ifMissing(''));
    const events = new Map<string, MonitorEvent>();
    for (const event of text.split('\n').flatMap(parseEvent)) {
      if (!events.has(event.id)) events.set(event.id, event);
    }
    return [...events.values()]
      .filter(
        (event) => event.time >= from && event.model === (model ?? event.model) && event.kind === (kind ?? event.kind),
      )
      .sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  }

  async record(event: MonitorEvent): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await appendLine(this.eventFile, event);
  }

  notes(prefix: string): Promise<ReadonlyMap<string, unknown>> {
    return readNotes(this.noteFolder, prefix);
  }

  keep(name: string, note: unknown): Promise<void> {
    return keepNote(this.noteFolder, name, note);
  }

  async lease(name: string, seconds: number): Promise<StoreLease | undefined> {
    await mkdir(this.folder, { recursive: true });
    const now = this.now();
    const release = await takeLease(this.folder, name, { owner: this.owner, until: now + seconds * 1_000 }, now);
    return release && { release };
  }

  async forget(ids: readonly string[]): Promise<number> {
    const known = await this.known(ids);
    await this.maintain({ forget: ids });
    return known.size;
  }

  async prune(before: Retention): Promise<void> {
    const lease = await this.lease('maintenance of files', MAINTENANCE_SECONDS);
    if (!lease) return;
    try {
      await this.maintain({ before });
    } finally {
      await lease.release();
    }
  }

  async usage(): Promise<StoreUsage> {
    const { files, gone } = await readStoreManifest(this.folder);
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const name of await segmentsOf(this.folder)) {
      bytes += await stat(join(this.folder, 'segments', name)).then(({ size }) => size, ifMissing(0));
    }
    return { bytes, gone };
  }

  async close(): Promise<void> {
    for (const log of this.logs.values()) await log.close();
  }

  private get noteFolder(): string {
    return join(this.folder, 'notes');
  }

  private get eventFile(): string {
    return join(this.folder, 'events.ndjson');
  }

  private async maintain(rules: { before?: Retention; forget?: readonly string[] }): Promise<void> {
    const { maintainStore } = await import('./maintain-store.js');
    await maintainStore(this.folder, { ...rules, maxBytes: this.options.maxBytes, now: this.now() });
  }

  private async query<T>(span: Span, work: (queries: Queries) => Promise<T>): Promise<T> {
    const { result, database } = await this.open(span, work);
    await database.close();
    return result;
  }

  /** Runs `work` on a snapshot of a span, and retries where files vanish meanwhile. The caller closes the database. */
  private async open<T>(
    span: Span,
    work: (queries: Queries) => Promise<T>,
  ): Promise<{ result: T; database: OpenedDatabase }> {
    const { openDuckDb } = await import('#tables');
    const { makeViews, readSegments } = await import('./make-views.js');
    const { Queries } = await import('./queries.js');
    for (let attempt = 1; ; attempt++) {
      const database = await openDuckDb();
      try {
        const snapshot = await takeSnapshot(this.folder);
        await readSegments(database.connection, snapshot);
        await makeViews(database.connection, snapshot, span);
        return { result: await work(new Queries(database.connection, snapshot)), database };
      } catch (error) {
        await database.close();
        if (attempt === ATTEMPTS || !/No files found|Cannot open file/.test((error as Error).message)) throw error;
      }
    }
  }
}

function parseEvent(line: string): MonitorEvent[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as MonitorEvent];
  } catch {
    // A torn line, whose writer was killed.
    return [];
  }
}
