import { badFormat, checkColumns, rowOf } from './columns.js';
import { fromRecords } from './dataframe-records.js';

/** Rows without names could be in any order, and a model fed in the wrong one answers nonsense. */
function checkNamed(rows: readonly unknown[], field: string): void {
  const unnamed = rows.findIndex((row) => Array.isArray(row));
  if (unnamed !== -1) {
    throw badFormat(
      `${field}[${unnamed}] must be an object: this model's inputs are named columns, so send names with the values`,
    );
  }
}

/** `instances` of TF Serving's row format: `[{column: value, ...}, ...]`. @throws Problem `bad-request` */
export function fromInstances(value: unknown): unknown[] {
  const rows = fromRecords(value, 'instances');
  checkNamed(rows, 'instances');
  return rows;
}

/**
 * `inputs` of TF Serving's column format: `{column: [value, ...], ...}`; MLflow's clients also send lists of rows here.
 *
 * @param maxRows one row more is read at most
 * @throws Problem `bad-request`
 */
export function fromInputs(value: unknown, maxRows: number): unknown[] {
  if (Array.isArray(value)) {
    checkNamed(value, 'inputs');
    return value;
  }
  if (typeof value !== 'object' || value === null) {
    throw badFormat('inputs must be an object with one array of values per column');
  }
  const columns = Object.entries(value);
  const names = columns.map(([name]) => name);
  checkColumns(names, 'inputs');
  const rows = Array.isArray(columns[0]?.[1]) ? columns[0][1].length : 0;
  for (const [name, values] of columns) {
    if (!Array.isArray(values)) throw badFormat(`inputs.${name} must be an array of values, one per row`);
    if (values.length !== rows) {
      throw badFormat(`inputs.${name} has ${values.length} values, inputs.${names[0]} has ${rows}`);
    }
  }
  return Array.from({ length: Math.min(rows, maxRows + 1) }, (_, row) =>
    rowOf(
      names,
      columns.map(([, values]) => (values as unknown[])[row]),
    ),
  );
}
