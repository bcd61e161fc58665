import type { Kind } from './manifest.js';

/** DuckDB types of the fields of a batch, which is one line of a segment. */
export const LINE: Readonly<Record<string, string>> = {
  producer: 'VARCHAR',
  sequence: 'BIGINT',
  rows: `STRUCT("ids" VARCHAR[], "externalIds" VARCHAR[], "models" VARCHAR[], "versions" VARCHAR[],
    "predictions" VARCHAR[], "scores" DOUBLE[], "slices" VARCHAR[], "raw" VARCHAR[], "weights" DOUBLE[])`,
  counts: 'STRUCT("model" VARCHAR, "version" VARCHAR, "column" VARCHAR, "time" BIGINT, "cells" DOUBLE[])[]',
  labels: 'STRUCT("ids" VARCHAR[], "labels" VARCHAR[], "observedAt" BIGINT[])',
};

/** The time in a UUIDv7, as SQL. */
const TIME = `('0x' || replace(left(id, 13), '-', ''))::BIGINT AS time`;

/** For each kind, the query that reads its rows from the table `batches`, with the columns of its Parquet files. */
export const OF_BATCHES: Readonly<Record<Kind, string>> = {
  predictions: `
    SELECT id::UUID AS id, ${TIME}, external_id, model, version, prediction, score::FLOAT AS score, slices FROM (
      SELECT unnest(rows.ids) AS id, unnest(rows."externalIds") AS external_id, unnest(rows.models) AS model,
        unnest(rows.versions) AS version, unnest(rows.predictions) AS prediction, unnest(rows.scores) AS score,
        unnest(rows.slices) AS slices
      FROM batches)`,
  raw: `
    SELECT id::UUID AS id, ${TIME}, raw, weight FROM (
      SELECT unnest(rows.ids) AS id, unnest(rows.raw) AS raw, unnest(rows.weights) AS weight FROM batches)
    WHERE raw IS NOT NULL`,
  labels: `
    SELECT id::UUID AS id, ${TIME}, label, observed_at FROM (
      SELECT unnest(labels.ids) AS id, unnest(labels.labels) AS label, unnest(labels."observedAt") AS observed_at
      FROM batches)`,
  counts: `
    SELECT c.model AS model, c.version AS version, c."column" AS name, c.time AS time,
      generate_subscripts(c.cells, 1)::INTEGER AS cell, unnest(c.cells) AS rows
    FROM (SELECT unnest(counts) AS c FROM batches)`,
};

/** Keeps the latest observed label of each id, independent of the order of arrival. */
export const LATEST = 'QUALIFY row_number() OVER (PARTITION BY id ORDER BY observed_at DESC, label DESC) = 1';
