import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { type ClassLabel, readAliases, readAnyBundle } from '#bundle';
import { FeaturePipeline } from '#features';
import { InputError } from '#kit';
import { type BatchPrediction, ServedModel } from '#runtime';
import { Database, loadTexts, malformedText, openDataSource, type TextTable, withDuckDb } from '#tables';
import { readModelRows, type UnknownCount } from './read-rows.js';

/** A file's rows, scored. */
export interface ScoredFile {
  readonly model: string;
  readonly version: string;
  readonly rows: number;
  readonly predictions: BatchPrediction;
  readonly classes: readonly ClassLabel[];
  readonly unknown: readonly UnknownCount[];
}

const listed = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');

/** @throws InputError on missing columns, or columns that the model does not know */
function checkHeader(path: string, { columns }: TextTable, { inputs, table }: ServedModel): void {
  const header = columns.map(({ name }) => name);
  const lacking = inputs.filter(({ name, nullable }) => !nullable && !header.includes(name)).map(({ name }) => name);
  if (lacking.length > 0)
    throw new InputError(`${path} lacks ${listed(lacking)}, which the model needs; its header is ${listed(header)}.`);
  const known = new Set([...inputs.map(({ name }) => name), ...(table.unused ?? [])]);
  const foreign = header.filter((name) => !known.has(name));
  if (foreign.length > 0)
    throw new InputError(
      `${path} has ${listed(foreign)}, which the model does not use; its columns are ${listed(inputs.map(({ name }) => name))}.`,
    );
}

/**
 * Scores the rows of a file with a model's champion, as a server does.
 *
 * @throws InputError when there is no such model, or a row is invalid
 * @throws BundleError when the version must not be served
 */
export async function predictFile(
  path: string,
  { directory, name, publicKey }: { readonly directory: string; readonly name: string; readonly publicKey?: KeyObject },
  signal?: AbortSignal,
): Promise<ScoredFile> {
  const aliases = await readAliases(directory, name);
  if (!aliases) throw new InputError(`${directory} has no champion of "${name}"; train one: npx skewless run ${name}`);
  const bundle = await readAnyBundle(join(directory, name, aliases.champion), publicKey);
  if (!('pipeline' in bundle)) throw new InputError(`The model "${name}" takes tensors, not table rows.`);
  const source = await openDataSource(path);
  const model = await ServedModel.open(bundle, new FeaturePipeline(), { threads: 2, maxPendingRows: Infinity });
  try {
    return await withDuckDb({ signal }, async (connection) => {
      const table = await loadTexts(new Database(connection, signal), source);
      if (table.malformed.count > 0) throw new InputError(malformedText(path, table.malformed));
      checkHeader(path, table, model);
      const schema = { inputs: model.inputs, missing: model.table.missing };
      const { raw, unknown } = await readModelRows(connection, path, table, schema);
      const predictions = await model.predictBatch(raw, table.rows);
      const { classes, version } = model.manifest;
      return { model: name, version, rows: table.rows, predictions, classes, unknown };
    });
  } finally {
    await model.close();
  }
}
