import type { ElementSink } from '../../http/json/json-reader.js';
import type { BatchBuilder } from '../../prediction/batch-builder.js';
import type { InputContract } from '../../prediction/input-contract.js';
import { RowScanner } from '../../prediction/row-scanner.js';
import { badFormat, rowOf } from './columns.js';

/** Collects rows that are lists of values, one per column. */
export class ValueRows implements ElementSink {
  private readonly scanner: RowScanner;

  /** @param path of the list of rows in the body */
  constructor(
    { inputs, readers }: InputContract,
    private readonly builder: BatchBuilder,
    private readonly columns: readonly string[],
    private readonly path: string,
  ) {
    this.scanner = new RowScanner(inputs, readers);
    this.scanner.learnArray(columns);
  }

  get rows(): number {
    return this.builder.rows;
  }

  scan(bytes: Buffer, at: number): number {
    return this.builder.scanWith(this.scanner, bytes, at);
  }

  /** @throws Problem `bad-request` if it is not a list with one value per column */
  add(values: unknown): void {
    const { columns, builder } = this;
    if (!Array.isArray(values) || values.length !== columns.length) {
      throw badFormat(`${this.path}[${builder.rows}] must be an array of ${columns.length}, one value per column`);
    }
    if (this.scanner.take(values) && builder.addNumbers(this.scanner.values)) return;
    builder.add(rowOf(columns, values));
  }
}
