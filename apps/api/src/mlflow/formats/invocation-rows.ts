import type { ElementSink } from '../../http/json/json-reader.js';
import { BatchBuilder, type InstanceBatch } from '../../prediction/batch-builder.js';
import { oneToMost } from '../../prediction/dto/predict.dto.js';
import { readTable } from '../../prediction/formats/csv/read-table.js';
import type { InputContract } from '../../prediction/input-contract.js';
import { eachSlice, inSteps } from '../../http/steps.js';
import type { Invocation } from '../read-invocation.js';
import { badFormat, checkColumns, hasColumns } from './columns.js';
import { ValueRows } from './value-rows.js';

const ROWS = 'row';

/** Initial capacity, in rows. */
const FEW_ROWS = 16;

/** Refuses rows without column names: their values could be in any order. */
class NamedRows implements ElementSink {
  constructor(
    private readonly builder: BatchBuilder,
    private readonly field: string,
  ) {}

  get rows(): number {
    return this.builder.rows;
  }

  scan(bytes: Buffer, at: number): number {
    return this.builder.scan(bytes, at);
  }

  /** @throws Problem `bad-request` */
  add(row: unknown): void {
    if (Array.isArray(row)) {
      throw badFormat(
        `${this.field}[${this.builder.rows}] must be an object: this model's inputs are named columns, so send names with the values`,
      );
    }
    this.builder.add(row);
  }
}

/** Reads the rows of an invocation in any of MLflow's formats as they arrive, and checks them against the model. */
export class InvocationRows {
  private readonly builder: BatchBuilder;

  constructor(
    private readonly contract: InputContract,
    private readonly maxRows: number,
  ) {
    this.builder = new BatchBuilder(contract, { capacity: FEW_ROWS, maxRows, list: ROWS });
  }

  /** The sink for an array of rows in a JSON body. */
  readonly sinkOf = (path: string, before: Readonly<Record<string, unknown>>): ElementSink | undefined => {
    if (path === 'dataframe_records') return this.builder;
    if (path === 'instances' || path === 'inputs') return new NamedRows(this.builder, path);
    // If the columns do not come first, the rows are kept until they do.
    return path === 'dataframe_split.data' && hasColumns(before.columns) ? this.splitRows(before.columns) : undefined;
  };

  /**
   * The batch in the body.
   *
   * @throws Problem `bad-request` or `invalid-input`
   */
  async finish({ field, value }: Invocation): Promise<InstanceBatch> {
    if (field === 'csv') await this.readCsv(value);
    else if (field === 'dataframe_split') await this.readSplit(value);
    else if (field === 'inputs') await this.readInputs(value);
    else if (!isSink(value)) throw badFormat(`${field} must be an array of objects, one per row`);
    const { rows } = this.builder;
    if (rows === 0 || rows > this.maxRows) {
      throw badFormat(`The input must have ${oneToMost(this.maxRows, 'rows')}; send several smaller ones`);
    }
    return this.builder.finish();
  }

  /** CSV with a header, as `DataFrame.to_csv()` writes it. */
  private async readCsv(body: Extract<Invocation, { field: 'csv' }>['value']): Promise<void> {
    let rows: ValueRows | undefined;
    await readTable(body, this.contract, (names, row) => {
      if (row) rows!.add(row);
      else {
        checkColumns(names, 'The header');
        rows = this.valueRows(names, ROWS);
      }
      return this.builder.rows <= this.maxRows;
    });
    if (!rows) throw badFormat('The body is empty; send CSV with a header');
  }

  /**
   * `{"columns": [...], "data": [[...], ...]}`, as `DataFrame.to_dict(orient="split")` writes it; its `index` is
   * ignored.
   */
  private async readSplit(value: unknown): Promise<void> {
    const { columns, data } = (value ?? {}) as { columns?: unknown; data?: unknown };
    if (!Array.isArray(columns) || !(Array.isArray(data) || isSink(data))) {
      throw badFormat('dataframe_split must be an object with the arrays columns and data');
    }
    checkColumns(columns, 'dataframe_split.columns');
    if (!Array.isArray(data)) return;
    const rows = this.splitRows(columns);
    await this.addEach(data.length, (row) => rows.add(data[row]));
  }

  /** `{column: [value, ...], ...}` of TF Serving's column format; MLflow's clients also send lists of rows here. */
  private async readInputs(value: unknown): Promise<void> {
    if (isSink(value)) return;
    if (typeof value !== 'object' || value === null) {
      throw badFormat('inputs must be an object with one array of values per column');
    }
    const columns = Object.entries(value);
    const names = columns.map(([name]) => name);
    checkColumns(names, 'inputs');
    const count = Array.isArray(columns[0]?.[1]) ? columns[0][1].length : 0;
    for (const [name, values] of columns) {
      if (!Array.isArray(values)) throw badFormat(`inputs.${name} must be an array of values, one per row`);
      if (values.length !== count) {
        throw badFormat(`inputs.${name} has ${values.length} values, inputs.${names[0]} has ${count}`);
      }
    }
    const rows = this.valueRows(names, 'inputs');
    await this.addEach(count, (row) => rows.add(columns.map(([, values]) => (values as unknown[])[row])));
  }

  private splitRows(columns: readonly string[]): ValueRows {
    return this.valueRows(columns, 'dataframe_split.data');
  }

  private valueRows(columns: readonly string[], path: string): ValueRows {
    return new ValueRows(this.contract, this.builder, columns, path);
  }

  /** Adds one row over the limit at most, which is enough to refuse. */
  private async addEach(count: number, add: (row: number) => void): Promise<void> {
    const steps = eachSlice(Math.min(count, this.maxRows + 1), (from, to) => {
      for (let row = from; row < to; row++) add(row);
    });
    await inSteps(steps);
  }
}

const isSink = (value: unknown): boolean =>
  value instanceof BatchBuilder || value instanceof NamedRows || value instanceof ValueRows;
