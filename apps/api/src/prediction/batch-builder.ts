import type { ElementSink } from '../http/json/json-reader.js';
import { invalidInput, MAX_FAULTS } from '../problem/invalid-input.js';
import type { Fault } from '../problem/problem.js';
import type { InputContract } from './input-contract.js';
import { rowKernel } from './row-kernel.js';
import type { RowScanner } from './row-scanner.js';

/** A checked batch: one float64 column per raw input, NaN for null. */
export interface InstanceBatch {
  readonly columns: readonly Float64Array[];
  readonly rows: number;
  /** The caller's ids of the rows, if it sent any. */
  readonly externalIds?: readonly (string | undefined)[];
  /** Whether earlier rows of the same request have been answered already. */
  readonly isContinued?: boolean;
}

interface BuilderOptions {
  /** Initial capacity, in rows. */
  readonly capacity: number;
  /** Rows beyond it are only counted. */
  readonly maxRows?: number;
  /** The path of the list of instances in faults. */
  readonly list?: string;
}

/** Collects valid instances column by column, and the faults of invalid ones. */
export class BatchBuilder implements ElementSink {
  private readonly values: number[] = [];
  private readonly maxRows: number;
  private readonly list: string;
  private columns: Float64Array[];
  private capacity: number;
  private seen = 0;
  private externalIds?: string[];
  private readonly faults: Fault[] = [];
  private faultTotal = 0;

  constructor(
    private readonly contract: Pick<InputContract, 'checker' | 'rows'>,
    { capacity, maxRows = Infinity, list = 'instances' }: BuilderOptions,
  ) {
    this.maxRows = maxRows;
    this.list = list;
    this.capacity = capacity;
    this.columns = Array.from({ length: contract.checker.width }, () => new Float64Array(capacity));
  }

  /** Rows so far, including those beyond the limit. */
  get rows(): number {
    return this.seen;
  }

  add(instance: unknown): void {
    if (this.seen < this.maxRows) {
      if (!this.contract.checker.read(instance, this.values)) this.refuse(instance);
      else {
        this.contract.rows.learn(Object.keys(instance as object));
        const name = this.contract.checker.externalIdOf(instance);
        if (name !== undefined) (this.externalIds ??= [])[this.seen] = name;
        this.store(this.values);
      }
    }
    this.seen++;
  }

  scan(bytes: Buffer, at: number): number {
    return this.scanWith(this.contract.rows, bytes, at);
  }

  /**
   * @returns the end of the rows that begin at `at`, with commas between; -1 if the scanner cannot read the first or it breaks a
   * rule
   */
  scanWith(rows: RowScanner, bytes: Buffer, at: number): number {
    const count = rows.scanMany(bytes, at);
    if (count > 0) {
      this.addMany(rowKernel().values, count);
      return rowKernel().end;
    }
    const after = rows.scan(bytes, at);
    return after < 0 || this.addNumbers(rows.values) ? after : -1;
  }

  /**
   * Adds a row of numbers in column order, NaN for null.
   * @returns whether it is valid; an invalid row is not added
   */
  addNumbers(values: readonly number[]): boolean {
    if (this.seen < this.maxRows) {
      if (!this.contract.checker.keepsAll(values)) return false;
      this.store(values);
    }
    this.seen++;
    return true;
  }

  /** @param values of valid rows, row by row */
  private addMany(values: Float64Array, count: number): void {
    const { columns, seen } = this;
    const kept = Math.max(0, Math.min(count, this.maxRows - seen));
    this.reserve(seen + kept);
    for (let c = 0; c < columns.length; c++) {
      const column = this.columns[c];
      for (let row = 0, at = c; row < kept; row++, at += columns.length) column[seen + row] = values[at];
    }
    this.seen += count;
  }

  /** @throws Problem `invalid-input` if any instance was refused */
  finish(): InstanceBatch {
    if (this.faults.length > 0) throw invalidInput(this.faults, this.faultTotal);
    const { columns, seen: rows, externalIds } = this;
    return { columns, rows, ...(externalIds && { externalIds }) };
  }

  private store(values: readonly number[]): void {
    this.reserve(this.seen + 1);
    for (let c = 0; c < this.columns.length; c++) this.columns[c][this.seen] = values[c];
  }

  private refuse(instance: unknown): void {
    const { checker } = this.contract;
    this.faultTotal += checker.countFaults(instance);
    if (this.faults.length >= MAX_FAULTS) return;
    this.faults.push(...checker.explain(instance, `${this.list}[${this.seen}]`).slice(0, MAX_FAULTS));
  }

  private reserve(rows: number): void {
    if (rows <= this.capacity) return;
    this.capacity = Math.max(16, rows, this.capacity * 2);
    this.columns = this.columns.map((column) => {
      const larger = new Float64Array(this.capacity);
      larger.set(column);
      return larger;
    });
  }
}
