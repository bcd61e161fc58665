import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { DAY, syncPath, writtenWhole } from '#kit';
import { type DuckDBConnection, literal, readRows, withDuckDb } from '#tables';
import type { Retention, CountScale } from '../monitor-store.js';
import { dayOf, timeOf } from '../rows.js';
import { UNITS } from '../units.js';
import { LATEST, OF_BATCHES } from './columns.js';
import { commitManifest, type Kind, type StoreManifest, type StoredFile } from './manifest.js';
import { SETTLED_MILLISECONDS } from './segment-log.js';
import { readSegments } from './make-views.js';
import { pathOf, type StoreSnapshot, takeSnapshot } from './snapshot.js';

/** Number of files of one day and level that are merged into one of the next level. */
const MERGED_FILES = 8;
/** A commit fails where another process has changed the store meanwhile. */
const ATTEMPTS = 5;

const ORDER: Readonly<Record<Kind, string>> = {
  predictions: 'id',
  raw: 'id',
  labels: 'id',
  counts: 'model, version, name, time, cell',
};

const inDay = (day: number): string => `time >= ${day} AND time < ${day + DAY}`;

export interface MaintenanceRules {
  readonly before?: Retention;
  readonly maxBytes: number;
  /** Ids to erase. */
  readonly forget?: readonly string[];
  readonly now: number;
}

/**
 * Moves settled segments into Parquet files by day, merges small files, coarsens old counts, and removes what is expired,
 * beyond the size limit or to be erased. All changes take effect atomically with one new manifest, so no row is ever lost
 * or duplicated.
 */
export async function maintainStore(folder: string, rules: MaintenanceRules): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      if (await withDuckDb({}, (connection) => new Maintenance(connection, folder, rules).run())) return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
    if (attempt === ATTEMPTS) throw new Error(`${folder} is constantly changed by another process`);
  }
}

class Maintenance {
  private files: StoredFile[] = [];
  private gone = { rows: 0, records: 0 };

  constructor(
    private readonly connection: DuckDBConnection,
    private readonly folder: string,
    private readonly rules: MaintenanceRules,
  ) {}

  /** @returns whether the changes were committed */
  async run(): Promise<boolean> {
    await mkdir(join(this.folder, 'files'), { recursive: true });
    const taken = await takeSnapshot(this.folder);
    const settled = await this.settled(taken);
    const forgotten = this.forgottenWith(taken.manifest);
    const snapshot = { ...taken, manifest: { ...taken.manifest, forgotten }, segments: [...settled.keys()] };
    this.files = [...snapshot.manifest.files];
    this.gone = { ...snapshot.manifest.gone };
    await readSegments(this.connection, snapshot);
    for (const kind of ['predictions', 'raw', 'labels'] as const) await this.fold(kind);
    await this.foldCounts();
    await this.dropOld();
    if (this.rules.forget?.length) await this.eraseFrom(new Set(this.rules.forget.map((id) => dayOf(timeOf(id)))));
    await this.merge();
    this.enforceMaxBytes();
    return this.commit(snapshot, settled);
  }

  /** Sizes of the segments that are no longer written to: all but the last of each producer, and the last once it is old. */
  private async settled({ segments }: StoreSnapshot): Promise<Map<string, number>> {
    const producerOf = (segment: string): string => segment.slice(0, segment.lastIndexOf('-'));
    const sizes = new Map<string, number>();
    for (const [i, segment] of segments.entries()) {
      const { size, mtimeMs } = await stat(join(this.folder, 'segments', segment));
      const isLast = i + 1 === segments.length || producerOf(segments[i + 1]) !== producerOf(segment);
      if (isLast && Math.abs(this.rules.now - mtimeMs) < SETTLED_MILLISECONDS) continue;
      sizes.set(segment, size);
    }
    return sizes;
  }

  /** The erased ids including new ones; `commit` removes those that no segment can contain any more. */
  private forgottenWith({ forgotten }: StoreManifest): StoreManifest['forgotten'] {
    const { forget = [], now } = this.rules;
    return [...forgotten, ...forget.map((id) => ({ id, time: now }))];
  }

  private async fold(kind: Kind): Promise<void> {
    const rows = `(${OF_BATCHES[kind]}) WHERE id NOT IN (SELECT id FROM forgotten)`;
    for (const day of await this.days(`SELECT time FROM ${rows}`)) {
      if (day + DAY <= (this.rules.before?.rows ?? 0)) continue;
      await this.write(kind, day, 0, `SELECT * FROM ${rows} AND ${inDay(day)} ${kind === 'labels' ? LATEST : ''}`);
    }
  }

  private async foldCounts(): Promise<void> {
    for (const day of await this.days(`SELECT time FROM (${OF_BATCHES.counts})`)) {
      const existing = this.files.find((file) => file.kind === 'counts' && file.day === day);
      const stored = existing ? ` UNION ALL SELECT * FROM ${this.table([existing])}` : '';
      await this.writeCounts(
        day,
        existing?.scale ?? 'minute',
        `SELECT * FROM (${OF_BATCHES.counts}) WHERE ${inDay(day)}${stored}`,
      );
      this.drop(existing ? [existing] : []);
    }
  }

  private async dropOld(): Promise<void> {
    const { before } = this.rules;
    if (!before) return;
    const isOver = (limit: number, { day }: StoredFile): boolean => day + DAY <= limit;
    const counts = this.files.filter(({ kind }) => kind === 'counts');
    this.drop(this.files.filter((file) => file.kind !== 'counts' && isOver(before.rows, file)));
    this.drop(counts.filter((file) => isOver(before.days, file)));
    for (const file of counts) {
      const scale = isOver(before.hours, file) ? 'day' : isOver(before.minutes, file) ? 'hour' : 'minute';
      if (isOver(before.days, file) || UNITS[scale] <= UNITS[file.scale!]) continue;
      await this.writeCounts(file.day, scale, `SELECT * FROM ${this.table([file])}`);
      this.drop([file]);
    }
  }

  /** Rewrites the files of these days without the erased ids. */
  private async eraseFrom(days: ReadonlySet<number>): Promise<void> {
    for (const file of this.files.filter(({ kind, day }) => kind !== 'counts' && days.has(day))) {
      const [{ rows }] = await readRows<{ rows: number }>(
        this.connection,
        `SELECT count(*) AS rows FROM ${this.table([file])} WHERE id IN (SELECT id FROM forgotten)`,
      );
      if (rows === 0) continue;
      const rest = `SELECT * FROM ${this.table([file])} WHERE id NOT IN (SELECT id FROM forgotten)`;
      await this.write(file.kind, file.day, file.level, rest);
      this.drop([file]);
    }
  }

  private async merge(): Promise<void> {
    for (let isDone = false; !isDone;) {
      const groups = new Map<string, StoredFile[]>();
      for (const file of this.files.filter(({ kind }) => kind !== 'counts')) {
        const key = `${file.kind} ${file.day} ${file.level}`;
        groups.set(key, [...(groups.get(key) ?? []), file]);
      }
      const due = [...groups.values()].filter((files) => files.length >= MERGED_FILES);
      for (const files of due) {
        const [{ kind, day, level }] = files;
        await this.write(kind, day, level + 1, `SELECT * FROM ${this.table(files)} ${kind === 'labels' ? LATEST : ''}`);
        this.drop(files);
      }
      isDone = due.length === 0;
    }
  }

  /** Enforces the size limit: removes the oldest raw rows first, then the oldest records with their labels, never counts. */
  private enforceMaxBytes(): void {
    const bytesOf = (files: readonly StoredFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const kinds of [['raw'], ['predictions', 'labels']] as readonly Kind[][]) {
      const days = [...new Set(this.files.filter(({ kind }) => kinds.includes(kind)).map(({ day }) => day))];
      for (const day of days.sort((a, b) => a - b)) {
        if (bytesOf(this.files) <= this.rules.maxBytes) return;
        const removed = this.files.filter((file) => file.day === day && kinds.includes(file.kind));
        for (const { kind, rows } of removed) {
          if (kind === 'raw') this.gone.rows += rows;
          if (kind === 'predictions') this.gone.records += rows;
        }
        this.drop(removed);
      }
    }
  }

  private async commit({ manifest }: StoreSnapshot, settled: ReadonlyMap<string, number>): Promise<boolean> {
    for (const [segment, size] of settled) {
      if ((await stat(join(this.folder, 'segments', segment))).size !== size) return false;
    }
    await syncPath(join(this.folder, 'files'));
    const present = await readdir(join(this.folder, 'files'));
    const { now } = this.rules;
    const next: StoreManifest = {
      generation: manifest.generation + 1,
      files: this.files,
      producers: await this.producersAfter(manifest),
      gone: this.gone,
      forgotten: manifest.forgotten.filter(({ time }) => Math.abs(now - time) < 2 * SETTLED_MILLISECONDS),
    };
    if (!(await commitManifest(this.folder, next))) return false;
    const named = new Set(this.files.map(({ name }) => name));
    for (const name of present) if (!named.has(name)) await rm(join(this.folder, 'files', name), { force: true });
    for (const segment of settled.keys()) await rm(join(this.folder, 'segments', segment), { force: true });
    return true;
  }

  private async producersAfter({ producers }: StoreManifest): Promise<StoreManifest['producers']> {
    const folded = await readRows<{ producer: string; sequence: number }>(
      this.connection,
      'SELECT producer, max(sequence) AS sequence FROM batches GROUP BY producer',
    );
    const { now } = this.rules;
    // No segment outlives its producer that long.
    const recent = Object.entries(producers).filter(([, { time }]) => Math.abs(now - time) < 7 * DAY);
    return Object.fromEntries([
      ...recent,
      ...folded.map(({ producer, sequence }) => [producer, { sequence, time: now }] as const),
    ]);
  }

  private writeCounts(day: number, scale: CountScale, rows: string): Promise<void> {
    const unit = UNITS[scale];
    const merged = `SELECT model, version, name, time - time % ${unit} AS time, cell, sum(rows) AS rows FROM (${rows}) GROUP BY ALL`;
    return this.write('counts', day, 0, merged, scale);
  }

  private async write(kind: Kind, day: number, level: number, rows: string, scale?: CountScale): Promise<void> {
    const date = new Date(day).toISOString().slice(0, 10);
    const file = { name: `${date}-${kind}-${randomUUID()}.parquet`, kind, day, level, ...(scale && { scale }) };
    const path = pathOf(this.folder, { ...file, rows: 0, bytes: 0 });
    let written = 0;
    await writtenWhole(path, async (temporary) => {
      const copy = `COPY (${rows} ORDER BY ${ORDER[kind]}) TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd)`;
      const [{ Count }] = await readRows<{ Count: number }>(this.connection, copy);
      written = Count;
    });
    if (written > 0) this.files.push({ ...file, rows: written, bytes: (await stat(path)).size });
  }

  private drop(files: readonly StoredFile[]): void {
    this.files = this.files.filter((file) => !files.includes(file));
  }

  private table(files: readonly StoredFile[]): string {
    return `read_parquet([${files.map((file) => literal(pathOf(this.folder, file))).join(', ')}])`;
  }

  private async days(times: string): Promise<number[]> {
    const rows = await readRows<{ day: number }>(
      this.connection,
      `SELECT DISTINCT time - time % ${DAY} AS day FROM (${times}) ORDER BY day`,
    );
    return rows.map(({ day }) => day);
  }
}
