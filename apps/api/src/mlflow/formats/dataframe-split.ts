import { badFormat, checkColumns, rowOf, type Row } from './columns.js';

/**
 * `{"columns": [...], "data": [[...], ...]}`, as `DataFrame.to_dict(orient="split")` writes it; its `index` is of no
 * meaning here.
 *
 * @throws Problem `bad-request`
 */
export function fromDataframeSplit(value: unknown): Row[] {
  const { columns, data } = (value ?? {}) as { columns?: unknown; data?: unknown };
  if (!Array.isArray(columns) || !Array.isArray(data)) {
    throw badFormat('dataframe_split must be an object with the arrays columns and data');
  }
  checkColumns(columns, 'dataframe_split.columns');
  return data.map((values: unknown, i) => {
    if (!Array.isArray(values) || values.length !== columns.length) {
      throw badFormat(`dataframe_split.data[${i}] must be an array of ${columns.length}, one value per column`);
    }
    return rowOf(columns, values);
  });
}
