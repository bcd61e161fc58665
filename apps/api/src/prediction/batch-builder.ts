import { invalidInput, MAX_FAULTS } from '../problem/invalid-input.js';
import type { Fault } from '../problem/problem.js';
import type { CompiledChecker } from './compiled-checker.js';

/** A checked batch: one float64 column per raw input, NaN for null. */
export interface InstanceBatch {
  readonly columns: readonly Float64Array[];
  readonly rows: number;
}

/** Collects checked instances column by column, and the faults of the others. */
export class BatchBuilder {
  private readonly values: number[] = [];
  private columns: Float64Array[];
  private rows = 0;
  private readonly faults: Fault[] = [];
  private faultTotal = 0;

  constructor(
    private readonly checker: CompiledChecker,
    capacity: number,
    /** What faults call the list of instances. */
    private readonly list = 'instances',
  ) {
    this.columns = Array.from({ length: checker.width }, () => new Float64Array(capacity));
  }

  add(instances: readonly unknown[]): void {
    this.reserve(this.rows + instances.length);
    for (const instance of instances) {
      if (this.checker.read(instance, this.values)) {
        for (let c = 0; c < this.columns.length; c++) this.columns[c][this.rows] = this.values[c];
      } else {
        this.refuse(instance);
      }
      this.rows++;
    }
  }

  /** @throws Problem `invalid-input` when any instance was refused */
  finish(): InstanceBatch {
    if (this.faults.length > 0) throw invalidInput(this.faults, this.faultTotal);
    return { columns: this.columns, rows: this.rows };
  }

  private refuse(instance: unknown): void {
    this.faultTotal += this.checker.countFaults(instance);
    if (this.faults.length >= MAX_FAULTS) return;
    this.faults.push(...this.checker.explain(instance, `${this.list}[${this.rows}]`).slice(0, MAX_FAULTS));
  }

  private reserve(rows: number): void {
    const capacity = this.columns[0].length;
    if (rows <= capacity) return;
    this.columns = this.columns.map((column) => {
      const larger = new Float64Array(Math.max(rows, capacity * 2));
      larger.set(column);
      return larger;
    });
  }
}
