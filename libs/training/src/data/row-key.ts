/**
 * SQL of a number from 0 to 2^64 that decides on which side of a split a row falls. It depends on the seed, the row's
 * label and values, and its running number among equal rows in file order. A row keeps it when other rows are added or
 * removed, and equal rows, common in tables of few distinct values, are spread over both sides.
 *
 * @param values columns as DOUBLE, in the order of the model's raw columns
 * @param label of the row, as SQL
 * @param order of the rows in the file, as SQL
 */
export function rowKey(seed: number, values: readonly string[], label: string, order: string): string {
  // "1:" and "" distinguish a value from a missing one.
  const cells = values.map((value) => `coalesce('1:' || ${value}::VARCHAR, ''), ','`);
  const contents = `md5_number(concat(${[...cells, `${label}::VARCHAR`].join(', ')}))`;
  const which = `row_number() OVER (PARTITION BY ${contents} ORDER BY ${order})`;
  return `md5_number_lower(concat(${seed}, ':', ${contents}, ':', ${which}))`;
}
