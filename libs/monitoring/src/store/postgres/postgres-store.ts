import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DAY } from '#kit';
import {
  type Batch,
  type CellCount,
  type CountQuery,
  type ErrorSum,
  type EventQuery,
  GREATEST_ERROR,
  type KnownPrediction,
  type StoreLease,
  type MonitorEvent,
  type MonitorStore,
  type OutcomeCount,
  type OutcomeQuery,
  type Retention,
  type RowQuery,
  type CountScale,
  type StoreUsage,
} from '../monitor-store.js';
import { dayOf, type LabelRows, type PredictionRows, type StoredPrediction, timeOf } from '../rows.js';
import { UNITS } from '../units.js';
import { MIGRATIONS } from './migrations.js';

/** Tables that have a part for every day. */
const DAILY = ['predictions', 'raw', 'labels'] as const;
/** Parts of so many days are made ahead, so that no batch of the first second of a day has to. */
const DAYS_AHEAD = 3;
/** Of a cursor. */
const PAGE_ROWS = 5_000;
/** Ids of one question, so that it ends in time on a slow machine. */
const LOOKED_UP = 100_000;
const WRITE_MILLISECONDS = 5_000;
const READ_MILLISECONDS = 30_000;
/** Any number, the same for all processes: who has it migrates or makes parts. */
const MIGRATION_LOCK = 7_216_018;
const POOL = 2;

export interface PostgresStoreOptions {
  /** postgres://user:password@host:port/database */
  readonly url: string;
  /** Its tables stand there; made where it is not there. */
  readonly schema: string;
}

/** In PostgreSQL, for any number of hosts. Rows and labels have a part for every day, which goes whole when it is old. */
export class PostgresStore implements MonitorStore {
  private readonly owner = randomUUID();
  /** Days whose parts are there. */
  private readonly days = new Set<number>();
  private ready?: Promise<void>;

  private constructor(
    private readonly pool: pg.Pool,
    private readonly schema: string,
  ) {}

  /** Does not connect before it has to: a database that is away keeps no server from starting. */
  static open({ url, schema }: PostgresStoreOptions): PostgresStore {
    const pool = new pg.Pool({
      connectionString: url,
      max: POOL,
      connectionTimeoutMillis: WRITE_MILLISECONDS,
      query_timeout: READ_MILLISECONDS + WRITE_MILLISECONDS,
      options: `-c search_path=${identifier(schema).replace(/[\\ ]/g, '\\$&')} -c timezone=UTC`,
      application_name: 'skewless-monitor',
      keepAlive: true,
      types: { getTypeParser: parserOf },
    });
    // An idle connection that breaks is replaced by the next question.
    pool.on('error', () => undefined);
    return new PostgresStore(pool, schema);
  }

  async append({ producer, sequence, rows, counts = [], labels }: Batch): Promise<void> {
    await this.migrated();
    // Lists of rows are made whenever they are asked for.
    const ids = rows?.ids ?? [];
    const times = ids.map(timeOf);
    await this.makeDays(new Set([...times, ...(labels?.ids ?? []).map(timeOf)].map(dayOf)));
    await this.transaction(WRITE_MILLISECONDS, async (client) => {
      // What is only rows may be lost with the database's machine, not with this process.
      if (!labels) await client.query('SET LOCAL synchronous_commit = off');
      const { rowCount } = await client.query(
        `INSERT INTO producers VALUES ($1, $2, now())
         ON CONFLICT (producer) DO UPDATE SET sequence = excluded.sequence, seen = excluded.seen
         WHERE producers.sequence < excluded.sequence`,
        [producer, sequence],
      );
      if (rowCount === 0) return;
      if (rows) await insertRows(client, rows, ids, times);
      if (labels) await insertLabels(client, labels);
      await insertCounts(client, counts);
    });
  }

  async models(): Promise<string[]> {
    const rows = await this.rows<{ model: string }>(
      'SELECT model FROM predictions UNION SELECT model FROM counts ORDER BY 1',
      [],
    );
    return rows.map(({ model }) => model).sort();
  }

  async counts({ model, version, from, to, scale }: CountQuery): Promise<CellCount[]> {
    const unit = UNITS[scale];
    const finer = (Object.keys(UNITS) as CountScale[]).filter((each) => UNITS[each] <= unit);
    const rows = await this.rows<CellCount>(
      `SELECT version, name AS column, time, array_agg(rows ORDER BY cell) AS cells FROM (
         SELECT version, name, time - time % $5 AS time, cell, sum(rows) AS rows
         FROM counts, unnest(cells) WITH ORDINALITY AS c(rows, cell)
         WHERE model = $1 AND scale = ANY($6) AND time >= $2 AND time < $3 AND ($4::text IS NULL OR version = $4)
         GROUP BY 1, 2, 3, 4) sums
       GROUP BY version, name, time ORDER BY version COLLATE "C", name COLLATE "C", time`,
      [model, from, to, version ?? null, unit, finer],
    );
    return rows.map((row) => ({ ...row, model }));
  }

  outcomes(query: OutcomeQuery): Promise<OutcomeCount[]> {
    return this.rows(
      `SELECT ${cohort('score')}, prediction, label, count(*)::float8 AS rows
       FROM predictions LEFT JOIN labels USING (time, id) WHERE ${OF_QUERY} GROUP BY 1, 2, 3, 4, 5, 6`,
      [...valuesOf(query), query.edges, query.slice ?? null],
    );
  }

  errors(query: OutcomeQuery): Promise<ErrorSum[]> {
    return this.rows(
      `SELECT ${cohort('predicted')}, count(*)::float8 AS rows, count(error)::float8 AS labels,
         coalesce(sum(error), 0) AS sum, coalesce(sum(abs(error)), 0) AS absolute, coalesce(sum(error ^ 2), 0) AS squares,
         coalesce(sum(error ^ 4), 0) AS fourths
       FROM (
         SELECT version, time, slices, predicted, CASE WHEN abs(distance) <= ${GREATEST_ERROR} THEN distance END AS error
         FROM (
           SELECT version, time, slices, prediction::float8 AS predicted,
             prediction::float8 - CASE WHEN length(label) <= 40 AND label ~ '${NUMBER}' THEN label::float8 END AS distance
           FROM predictions LEFT JOIN labels USING (time, id) WHERE ${OF_QUERY}) joined) judged
       GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
      [...valuesOf(query), query.edges, query.slice ?? null],
    );
  }

  async *predictions(query: RowQuery): AsyncGenerator<StoredPrediction> {
    let [time, id] = [-1, '00000000-0000-0000-0000-000000000000'];
    for (;;) {
      const page: StoredPrediction[] = await this.rows(
        `SELECT id, time, external_id AS "externalId", model, version, prediction, score, slices, raw, weight, label,
           observed_at AS "observedAt"
         FROM predictions LEFT JOIN raw USING (time, id) LEFT JOIN labels USING (time, id)
         WHERE ${OF_QUERY} AND (time, id) > ($5, $6) ORDER BY time, id LIMIT ${PAGE_ROWS}`,
        [...valuesOf(query), time, id],
      );
      yield* page;
      const last = page.at(-1);
      if (!last || page.length < PAGE_ROWS) return;
      ({ time, id } = last);
    }
  }

  async known(ids: readonly string[]): Promise<ReadonlyMap<string, KnownPrediction>> {
    const known = new Map<string, KnownPrediction>();
    for (let start = 0; start < ids.length; start += LOOKED_UP) {
      const some = ids.slice(start, start + LOOKED_UP);
      const rows = await this.rows<KnownPrediction & { id: string }>(
        `SELECT id, model, version, label, observed_at AS "observedAt"
         FROM unnest($1::bigint[], $2::uuid[]) AS wanted(time, id) JOIN predictions USING (time, id)
         LEFT JOIN labels USING (time, id)
         WHERE time BETWEEN $3 AND $4`,
        [some.map(timeOf), some, ...bounds(some)],
      );
      for (const { id, ...prediction } of rows) known.set(id, prediction);
    }
    return known;
  }

  async byExternalId(externalIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = await this.rows<{ externalId: string; ids: string[] }>(
      `SELECT external_id AS "externalId", array_agg(id ORDER BY time, id) AS ids
       FROM predictions WHERE external_id = ANY($1) GROUP BY external_id`,
      [externalIds],
    );
    return new Map(
      rows.map(({ externalId, ids }) => [externalId, ids.length > 1 ? [ids[0], ids.at(-1)!] : ids] as const),
    );
  }

  async events({ model, kind, from = 0 }: EventQuery): Promise<MonitorEvent[]> {
    return this.rows(
      `SELECT id, time, model, kind, body FROM events
       WHERE time >= $1 AND ($2::text IS NULL OR model = $2) AND ($3::text IS NULL OR kind = $3) ORDER BY time, id`,
      [from, model ?? null, kind ?? null],
    );
  }

  async record({ id, time, model, kind, body }: MonitorEvent): Promise<void> {
    await this.rows('INSERT INTO events VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [
      id,
      time,
      model,
      kind,
      JSON.stringify(body),
    ]);
  }

  async notes(prefix: string): Promise<ReadonlyMap<string, unknown>> {
    const rows = await this.rows<{ name: string; note: unknown }>(
      'SELECT name, note FROM notes WHERE left(name, length($1)) = $1 ORDER BY name COLLATE "C"',
      [prefix],
    );
    return new Map(rows.map(({ name, note }) => [name, note]));
  }

  async keep(name: string, note: unknown): Promise<void> {
    if (note === null) return void (await this.rows('DELETE FROM notes WHERE name = $1', [name]));
    await this.rows('INSERT INTO notes VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET note = excluded.note', [
      name,
      JSON.stringify(note),
    ]);
  }

  async lease(name: string, seconds: number): Promise<StoreLease | undefined> {
    const taken = await this.rows(
      `INSERT INTO leases VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
       ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
       WHERE leases.owner = $2 OR leases.until <= clock_timestamp() RETURNING name`,
      [name, this.owner, seconds],
    );
    if (taken.length === 0) return undefined;
    return {
      release: async () =>
        void (await this.rows('DELETE FROM leases WHERE name = $1 AND owner = $2', [name, this.owner])),
    };
  }

  async forget(ids: readonly string[]): Promise<number> {
    await this.migrated();
    let forgotten = 0;
    await this.transaction(READ_MILLISECONDS, async (client) => {
      for (const table of ['labels', 'raw', 'predictions'] as const) {
        const { rowCount } = await client.query(
          `DELETE FROM ${table} t USING unnest($1::bigint[], $2::uuid[]) AS gone(time, id)
           WHERE t.time = gone.time AND t.id = gone.id AND t.time BETWEEN $3 AND $4`,
          [ids.map(timeOf), ids, ...bounds(ids)],
        );
        forgotten = rowCount ?? 0;
      }
    });
    return forgotten;
  }

  async prune({ rows, minutes, hours, days }: Retention): Promise<void> {
    await this.migrated();
    const today = dayOf(Date.now());
    await this.makeDays(new Set(Array.from({ length: DAYS_AHEAD + 1 }, (_, n) => today + n * DAY)));
    await this.dropDays(rows);
    await this.transaction(READ_MILLISECONDS, async (client) => {
      // One at a time: two would add the same counts.
      await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      await coarsen(client, 'minute', 'hour', dayOf(minutes));
      await coarsen(client, 'hour', 'day', dayOf(hours));
      await client.query('DELETE FROM counts WHERE scale = $1 AND time < $2', ['day', dayOf(days)]);
      await client.query(`DELETE FROM producers WHERE seen < now() - interval '7 days'`);
    });
  }

  async usage(): Promise<StoreUsage> {
    const [{ bytes }] = await this.rows<{ bytes: number }>(
      `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::float8 AS bytes
       FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r'`,
      [identifier(this.schema)],
    );
    return { bytes, gone: { rows: 0, records: 0 } };
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  /** Brings the tables up to date, once; what fails is tried again by the next question. */
  private migrated(): Promise<void> {
    this.ready ??= this.migrate().catch((error: unknown) => {
      this.ready = undefined;
      throw error;
    });
    return this.ready;
  }

  private migrate(): Promise<void> {
    return this.transaction(READ_MILLISECONDS, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      await client.query(`CREATE SCHEMA IF NOT EXISTS ${identifier(this.schema)}`);
      await client.query(
        'CREATE TABLE IF NOT EXISTS migrations (number int PRIMARY KEY, at timestamptz DEFAULT now())',
      );
      const { rows } = await client.query<{ number: number }>('SELECT number FROM migrations');
      const done = new Set(rows.map(({ number }) => number));
      for (const [number, migration] of MIGRATIONS.entries()) {
        if (done.has(number)) continue;
        await client.query(migration);
        await client.query('INSERT INTO migrations VALUES ($1)', [number]);
      }
    });
  }

  /** Makes the parts of days that are not there. */
  private async makeDays(days: ReadonlySet<number>): Promise<void> {
    const missing = [...days].filter((day) => !this.days.has(day));
    if (missing.length === 0) return;
    await this.transaction(WRITE_MILLISECONDS, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      for (const day of missing) {
        for (const table of DAILY) {
          const part = `CREATE TABLE IF NOT EXISTS ${partOf(table, day)} PARTITION OF ${table}`;
          await client.query(`${part} FOR VALUES FROM (${day}) TO (${day + DAY})`);
        }
      }
    });
    for (const day of missing) this.days.add(day);
  }

  private async dropDays(before: number): Promise<void> {
    const parts = await this.rows<{ name: string }>(
      `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE c.relnamespace = $1::regnamespace`,
      [identifier(this.schema)],
    );
    for (const { name } of parts) {
      const date = /_(\d{4})(\d\d)(\d\d)$/.exec(name);
      if (!date) continue;
      const day = Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3]));
      if (day + DAY > before) continue;
      this.days.delete(day);
      await this.rows(`DROP TABLE IF EXISTS ${identifier(name)}`, []);
    }
  }

  private async rows<T extends object>(sql: string, values: unknown[]): Promise<T[]> {
    await this.migrated();
    return this.transaction(READ_MILLISECONDS, async (client) => (await client.query<T>(sql, values)).rows);
  }

  private async transaction<T>(milliseconds: number, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query(`BEGIN; SET LOCAL statement_timeout = ${milliseconds}`);
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((rollback: Error) => (broken = rollback));
      throw error;
    } finally {
      // One that is in no state to roll back is not used again.
      client.release(broken);
    }
  }
}

/** bigint, which holds times and sequence numbers here, and real, whose text is that of the nearest float32. */
const NUMBERS: Readonly<Record<number, (text: string) => number>> = {
  20: Number,
  700: (text) => Math.fround(Number(text)),
};

const parserOf: typeof pg.types.getTypeParser = (type: number, format?: 'text' | 'binary') =>
  NUMBERS[type] ?? pg.types.getTypeParser(type, format);

/** What JSON and JavaScript write as numbers, of sizes that a double has: beyond them a cast would fail. */
const NUMBER = '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,2})?$';

const OF_QUERY = 'model = $1 AND time >= $2 AND time < $3 AND ($4::text IS NULL OR version = $4)';
const valuesOf = ({ model, from, to, version }: RowQuery): unknown[] => [model, from, to, version ?? null];

/** `$5` are edges, `$6` is a slice column. */
const cohort = (value: string): string => `
  version, time - time % ${DAY} AS day,
  (SELECT count(*)::int FROM unnest($5::float8[]) AS edge WHERE edge < ${value}::float8) AS bin,
  ((slices::json) -> $6::text)::text AS slice`;

/** Of the times of ids: they let the database leave out the days between which they are not. */
const bounds = (ids: readonly string[]): [number, number] =>
  ids.reduce<[number, number]>(
    ([least, greatest], id) => [Math.min(least, timeOf(id)), Math.max(greatest, timeOf(id))],
    [Number.MAX_SAFE_INTEGER, 0],
  );

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const partOf = (table: string, day: number): string =>
  `${table}_${new Date(day).toISOString().slice(0, 10).replaceAll('-', '')}`;

async function insertRows(
  client: pg.PoolClient,
  rows: PredictionRows,
  ids: readonly string[],
  times: readonly number[],
): Promise<void> {
  await client.query(
    `INSERT INTO predictions (time, id, external_id, model, version, prediction, score, slices)
     SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::real[], $8::text[])
     ON CONFLICT DO NOTHING`,
    [times, ids, rows.externalIds, rows.models, rows.versions, rows.predictions, rows.scores, rows.slices],
  );
  const { raw } = rows;
  if (raw.every((row) => row === null)) return;
  await client.query(
    `INSERT INTO raw (time, id, raw, weight)
     SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::float8[]) AS r(time, id, raw, weight)
     WHERE raw IS NOT NULL ON CONFLICT DO NOTHING`,
    [times, ids, raw, rows.weights],
  );
}

async function insertLabels(client: pg.PoolClient, { ids, labels, observedAt }: LabelRows): Promise<void> {
  // In the order of their keys, so that two who write the same ones wait for each other and do not lock each other out.
  await client.query(
    `INSERT INTO labels (time, id, label, observed_at)
     SELECT DISTINCT ON (time, id) * FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::bigint[]) AS l(time, id, label, at)
     ORDER BY time, id, at DESC, label COLLATE "C" DESC
     ON CONFLICT (time, id) DO UPDATE SET label = excluded.label, observed_at = excluded.observed_at
     WHERE (labels.observed_at, labels.label COLLATE "C") < (excluded.observed_at, excluded.label COLLATE "C")`,
    [ids.map(timeOf), ids, labels, observedAt],
  );
}

/** Adds to the cells that are there. */
const ADD_CELLS = `
  ON CONFLICT (model, scale, time, version, name) DO UPDATE SET cells = ARRAY(
    SELECT coalesce(a, 0) + coalesce(b, 0)
    FROM unnest(counts.cells, excluded.cells) WITH ORDINALITY AS both_of(a, b, n) ORDER BY n)`;

async function insertCounts(client: pg.PoolClient, counts: readonly CellCount[]): Promise<void> {
  // Parameters of their own: lists of lists would all have to be as long.
  const sorted = [...merged(counts)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, { model, version, column, time, cells }] of sorted) {
    await client.query(`INSERT INTO counts VALUES ('minute', $1, $2, $3, $4, $5) ${ADD_CELLS}`, [
      model,
      version,
      column,
      time,
      cells,
    ]);
  }
}

/** One for each column and minute. */
function merged(counts: readonly CellCount[]): Map<string, CellCount> {
  const sums = new Map<string, CellCount>();
  for (const count of counts) {
    const key = JSON.stringify([count.model, count.time, count.version, count.column]);
    const { cells = [] } = sums.get(key) ?? {};
    const length = Math.max(cells.length, count.cells.length);
    sums.set(key, {
      ...count,
      cells: Array.from({ length }, (_, i) => (cells[i] ?? 0) + (count.cells[i] ?? 0)),
    });
  }
  return sums;
}

async function coarsen(client: pg.PoolClient, from: CountScale, to: CountScale, before: number): Promise<void> {
  await client.query(
    `WITH gone AS (DELETE FROM counts WHERE scale = $1 AND time < $3 RETURNING *),
     sums AS (
       SELECT model, version, name, time - time % $4 AS time, cell, sum(rows) AS rows
       FROM gone, unnest(cells) WITH ORDINALITY AS c(rows, cell) GROUP BY 1, 2, 3, 4, 5)
     INSERT INTO counts
     SELECT $2, model, version, name, time, array_agg(rows ORDER BY cell) FROM sums GROUP BY model, version, name, time
     ${ADD_CELLS}`,
    [from, to, before, UNITS[to]],
  );
}
