import { DAY } from '#kit';
import { type DuckDBConnection, literal, readRows } from '#tables';
import {
  type CellCount,
  type CountQuery,
  type ErrorSum,
  GREATEST_ERROR,
  type KnownPrediction,
  type OutcomeCount,
  type OutcomeQuery,
  type RowQuery,
  type Span,
} from '../monitor-store.js';
import type { StoredPrediction } from '../rows.js';
import { UNITS } from '../units.js';
import { LATEST, OF_BATCHES } from './columns.js';
import { insertIds } from './make-views.js';
import { pathOf, type StoreSnapshot } from './snapshot.js';

const ofModel = ({ model, version }: RowQuery): string =>
  `model = ${literal(model)}${version === undefined ? '' : ` AND version = ${literal(version)}`}`;

const cohort = ({ edges, slice }: OutcomeQuery, value: string): string => `
  version, time - time % ${DAY} AS day,
  ${edges.length === 0 ? '0' : `len(list_filter([${edges.join(', ')}]::DOUBLE[], lambda edge: edge < ${value}))`} AS bin,
  ${slice === undefined ? 'NULL' : `json_extract(slices, ${literal(`$."${slice.replaceAll('"', '\\"')}"`)})::VARCHAR`} AS slice`;

/** Queries of a snapshot, whose tables and views exist. */
export class Queries {
  constructor(
    private readonly connection: DuckDBConnection,
    private readonly snapshot: StoreSnapshot,
  ) {}

  async models(): Promise<string[]> {
    const counted = this.countsWithin(UNITS.day, { from: 0, to: Infinity });
    const rows = await this.rows<{ model: string }>(
      `SELECT DISTINCT model FROM (SELECT model FROM predictions UNION ALL SELECT model FROM ${counted}) ORDER BY model`,
    );
    return rows.map(({ model }) => model);
  }

  /** The cells of segments, and of files that are at least as fine as the scale, summed to that scale. */
  async counts(query: CountQuery): Promise<CellCount[]> {
    const unit = UNITS[query.scale];
    // Lists, because a row for each cell repeats its names a dozen times, and reading them takes most of the time.
    const counts = await this.rows<Omit<CellCount, 'model'>>(
      `SELECT version, name AS "column", time, list(rows ORDER BY cell) AS cells FROM (
         SELECT version, name, time - time % ${unit} AS time, cell, sum(rows)::DOUBLE AS rows
         FROM ${this.countsWithin(unit, query)}
         WHERE ${ofModel(query)} AND time >= ${query.from} AND time < ${query.to}
         GROUP BY ALL)
       GROUP BY ALL ORDER BY ALL`,
    );
    return counts.map((count) => ({ model: query.model, ...count }));
  }

  outcomes(query: OutcomeQuery): Promise<OutcomeCount[]> {
    return this.rows(
      `SELECT ${cohort(query, 'score::DOUBLE')}, prediction, label, count(*) AS rows
       FROM predictions LEFT JOIN (SELECT id, label FROM labels) USING (id) WHERE ${ofModel(query)}
       GROUP BY ALL ORDER BY ALL`,
    );
  }

  /** A label that is not a number, or whose error exceeds the limit, counts as missing. */
  errors(query: OutcomeQuery): Promise<ErrorSum[]> {
    return this.rows(
      `SELECT ${cohort(query, 'predicted')}, count(*) AS rows, count(error) AS labels, coalesce(sum(error), 0) AS sum,
         coalesce(sum(abs(error)), 0) AS absolute, coalesce(sum(error ** 2), 0) AS squares,
         coalesce(sum(error ** 4), 0) AS fourths
       FROM (SELECT version, time, slices, predicted, CASE WHEN abs(distance) <= ${GREATEST_ERROR} THEN distance END AS error
         FROM (SELECT version, time, slices, prediction::DOUBLE AS predicted, predicted - try_cast(label AS DOUBLE) AS distance
           FROM predictions LEFT JOIN (SELECT id, label FROM labels) USING (id) WHERE ${ofModel(query)}))
       GROUP BY ALL ORDER BY version, day, bin, slice`,
    );
  }

  /** Copies the rows to a table, so that they can be streamed even where their files are removed meanwhile. */
  async predictions(query: RowQuery): Promise<AsyncGenerator<StoredPrediction>> {
    await this.connection.run(`
      CREATE TEMP TABLE found AS
      SELECT id::VARCHAR AS id, predictions.time AS time, external_id AS "externalId", model, version, prediction,
        score::DOUBLE AS score, slices, raw, weight, label, observed_at AS "observedAt"
      FROM predictions LEFT JOIN (SELECT id, raw, weight FROM raw) USING (id)
        LEFT JOIN (SELECT id, label, observed_at FROM labels) USING (id)
      WHERE ${ofModel(query)} ORDER BY id`);
    return this.found();
  }

  async known(ids: readonly string[]): Promise<ReadonlyMap<string, KnownPrediction>> {
    await this.connection.run('CREATE TEMP TABLE wanted (id UUID)');
    await insertIds(this.connection, 'wanted', ids);
    // The latest label is computed for the wanted ids only, not for all ids of the days.
    const result = await this.connection.runAndReadAll(
      `SELECT id::VARCHAR, model, version, label, observed_at::DOUBLE FROM wanted JOIN predictions USING (id)
       LEFT JOIN (SELECT id, label, observed_at FROM all_labels SEMI JOIN wanted USING (id) ${LATEST}) USING (id)`,
    );
    const [found = [], models, versions, labels, times] = result.getColumnsJS() as [
      ...texts: [string[], string[], string[], (string | null)[]],
      times: (number | null)[],
    ];
    return new Map(
      found.map((id, row) => [
        id,
        { model: models[row], version: versions[row], label: labels[row], observedAt: times[row] },
      ]),
    );
  }

  async byExternalId(externalIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    await this.connection.run('CREATE TEMP TABLE wanted (id VARCHAR)');
    await insertIds(this.connection, 'wanted', externalIds);
    const rows = await this.rows<{ externalId: string; first: string; last: string }>(
      `SELECT external_id AS "externalId", min(id)::VARCHAR AS first, max(id)::VARCHAR AS last
       FROM predictions WHERE external_id IN (SELECT id FROM wanted) GROUP BY external_id`,
    );
    return new Map(
      rows.map(({ externalId, first, last }) => [externalId, first === last ? [first] : [first, last]] as const),
    );
  }

  private async *found(): AsyncGenerator<StoredPrediction> {
    const result = await this.connection.stream('SELECT * FROM found');
    const names = result.columnNames();
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      for (const row of chunk.getRowObjects(names)) {
        yield Object.fromEntries(
          Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
        ) as unknown as StoredPrediction;
      }
    }
  }

  /** A subquery of the counts of segments, and of files that are fine enough and may overlap the span. */
  private countsWithin(unit: number, { from, to }: Span): string {
    const { folder, manifest } = this.snapshot;
    const paths = manifest.files
      .filter(({ kind, scale, day }) => kind === 'counts' && UNITS[scale!] <= unit && day < to && day + DAY > from)
      .map((file) => literal(pathOf(folder, file)));
    const stored = paths.length > 0 ? ` UNION ALL SELECT * FROM read_parquet([${paths.join(', ')}])` : '';
    return `(${OF_BATCHES.counts}${stored})`;
  }

  private rows<T>(sql: string): Promise<T[]> {
    return readRows<T>(this.connection, sql);
  }
}
