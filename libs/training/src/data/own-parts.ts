import { type FittedPipeline, knownValues, type PipelineRecipe, type Target, textNormalizers } from '#features';
import { InputError } from '#kit';
import { type CellReader, parquetTable, readMixed, withDuckDb } from '#tables';
import { kindOf, type RawColumn, withVocabulary } from '#schema';
import type { PreparedData, PreparedOwn } from '../files/prepared-data.js';

/** Cells of a part as a pipeline takes them, and what is to be predicted. */
export interface OwnCells {
  readonly raw: readonly Float64Array<ArrayBuffer>[];
  /** Class indices, or the numbers of a regression. */
  readonly target: Float64Array<ArrayBuffer>;
}

type Table = Pick<PipelineRecipe | FittedPipeline, 'inputs' | 'missing' | 'steps'>;

function placeOf({ columns }: PreparedOwn, name: string): string {
  const at = columns.indexOf(name);
  if (at < 0) throw new InputError(`The prepared parts have no column "${name}": run "preprocess" again.`);
  return `c${at}`;
}

/**
 * Reads a part as a pipeline takes it, by the very readers that serve.
 *
 * @throws InputError where a cell has no place in the pipeline's column, or there is no such column
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
    // What lacks a value was left out before, where one is needed.
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

/** What the rows of a part are to be predicted as. */
export const targetOf = (
  { task }: PreparedOwn,
  classes: PreparedData['classes'],
  target: Float64Array<ArrayBuffer>,
): Target => ({ task, values: task === 'regression' ? target : Int32Array.from(target), classes });

/** A recipe whose categories and texts are those of the training part, where they are not given. */
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
