import { type FittedPipeline, knownValues, type PipelineRecipe, type Target, textNormalizers } from '#features';
import { InputError } from '#kit';
import { type CellReader, parquetTable, readMixed, withDuckDb } from '#tables';
import { kindOf, type RawColumn, withVocabulary } from '#schema';
import type { PreparedData, PreparedOwn } from '../files/prepared-data.js';

/** The cells of a part in the form of the pipeline's raw columns, and the target. */
export interface OwnCells {
  readonly raw: readonly Float64Array<ArrayBuffer>[];
  /** Class indices, or a regression's numbers. */
  readonly target: Float64Array<ArrayBuffer>;
}

type Table = Pick<PipelineRecipe | FittedPipeline, 'inputs' | 'missing' | 'steps'>;

function placeOf({ columns }: PreparedOwn, name: string): string {
  const at = columns.indexOf(name);
  if (at < 0) throw new InputError(`The prepared parts have no column "${name}": run "preprocess" again.`);
  return `c${at}`;
}

/**
 * Reads a part in the form of the pipeline's raw columns, by the readers that serving uses.
 *
 * @throws InputError where a cell does not fit the pipeline's column, or there is no such column
 */
export async function readCells(
  path: string,
  table: Table,
  prepared: PreparedOwn,
  signal?: AbortSignal,
): Promise<OwnCells> {
  const { inputs, missing } = table;
  const normalizers = textNormalizers(table);
  const names = inputs.map(({ name }) => placeOf(prepared, name));
  const answer = prepared.task === 'regression' ? 'target' : 'class_index';
  const readers: CellReader[] = inputs.map((column) => {
    // Rows with a missing value where one is needed were dropped before.
    const reader = kindOf(column).reader(
      { ...column, nullable: true },
      { missing, normalize: normalizers.get(column.name) },
    );
    return (text) => {
      const number = reader.fromText(text, prepared.decimal);
      if (number !== undefined) return number;
      throw new InputError(
        `"${column.name}" has ${JSON.stringify(text)} in the prepared parts: expected ${reader.expected}.`,
      );
    };
  });
  const columns = await withDuckDb({ signal }, (connection) =>
    readMixed(connection, `SELECT ${[...names, answer].join(', ')} FROM ${parquetTable(path)}`, readers),
  );
  return { raw: columns.slice(0, -1), target: columns[columns.length - 1] };
}

/** The target of a part's rows. */
export const targetOf = (
  { task }: PreparedOwn,
  classes: PreparedData['classes'],
  target: Float64Array<ArrayBuffer>,
): Target => ({ task, values: task === 'regression' ? target : Int32Array.from(target), classes });

/** The recipe with the vocabularies of categories and texts learnt from the training part, where not given. */
export async function withVocabularies(
  train: string,
  recipe: PipelineRecipe,
  prepared: PreparedOwn,
  signal?: AbortSignal,
): Promise<PipelineRecipe> {
  const { missing } = recipe;
  const { decimal } = prepared;
  const normalizers = textNormalizers(recipe);
  const known = knownValues(recipe);
  const inputs: RawColumn[] = [];
  for (const column of recipe.inputs) {
    if ((column.type !== 'category' && column.type !== 'text') || column.values) {
      inputs.push(column);
      continue;
    }
    const place = placeOf(prepared, column.name);
    const texts = await withDuckDb({ signal }, async (connection) => {
      const result = await connection.runAndReadAll(
        `SELECT DISTINCT ${place}::VARCHAR FROM ${parquetTable(train)} WHERE ${place} IS NOT NULL`,
      );
      return result.getRows().map(([text]) => String(text));
    });
    const named = (known.get(column.name) ?? []).map(String);
    inputs.push(
      withVocabulary(column, [...texts, ...named], { missing, decimal, normalize: normalizers.get(column.name) }),
    );
  }
  return { ...recipe, inputs };
}
