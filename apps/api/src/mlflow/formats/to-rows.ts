import type { Invocation } from '../read-invocation.js';
import { fromCsv } from './csv.js';
import { fromRecords } from './dataframe-records.js';
import { fromDataframeSplit } from './dataframe-split.js';
import { fromInputs, fromInstances } from './tf-serving.js';

/**
 * Rows as objects, not yet checked against the model.
 *
 * @param maxRows one row more is read at most
 * @throws Problem `bad-request`
 */
export async function toRows({ field, value }: Invocation, maxRows: number): Promise<unknown[]> {
  switch (field) {
    case 'csv':
      return fromCsv(value, maxRows);
    case 'dataframe_split':
      return fromDataframeSplit(value);
    case 'dataframe_records':
      return fromRecords(value, field);
    case 'instances':
      return fromInstances(value);
    case 'inputs':
      return fromInputs(value, maxRows);
  }
}
