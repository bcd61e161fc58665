import { invalidInput, MAX_FAULTS } from '../../problem/invalid-input.js';
import type { Fault } from '../../problem/problem.js';
import type { InstanceBatch } from '../batch-builder.js';
import type { CompiledChecker } from '../compiled-checker.js';

/** A batch that comes column by column, by name; values may be anything. */
export class ColumnBatch {
  private readonly rows: number;

  constructor(
    private readonly checker: CompiledChecker,
    private readonly columns: ReadonlyMap<string, ArrayLike<unknown>>,
  ) {
    this.rows = Math.max(0, ...[...columns.values()].map(({ length }) => length));
  }

  /** @throws Problem `invalid-input` naming wrong columns, or wrong rows in the words of a batch of instances */
  check(maxInstances: number): InstanceBatch {
    const shape = this.shapeFaults(maxInstances);
    if (shape.length > 0) throw invalidInput(shape);
    const wrong = new Set<number>();
    const checked = this.checker.names.map((name, c) => {
      const target = new Float64Array(this.rows);
      const values = this.columns.get(name);
      if (!values) return target.fill(NaN);
      for (const row of this.checker.readColumn(c, values, target)) wrong.add(row);
      return target;
    });
    if (wrong.size > 0) this.refuse(wrong);
    return { columns: checked, rows: this.rows };
  }

  private shapeFaults(maxInstances: number): Fault[] {
    const { names } = this.checker;
    const required = names.filter((_, c) => !this.checker.isNullable(c));
    const missing = required
      .filter((name) => !this.columns.has(name))
      .map((name) => ({ path: `columns.${name}`, expected: 'a column of values', received: 'nothing' }));
    const unknown = [...this.columns]
      .filter(([name]) => !names.includes(name))
      .map(([name, { length }]) => ({
        path: `columns.${name}`,
        expected: `absent: the fields are ${names.join(', ')}`,
        received: `a column of ${length}`,
      }));
    const short = [...this.columns]
      .filter(([, { length }]) => length < this.rows)
      .map(([name, { length }]) => ({
        path: `columns.${name}`,
        expected: `as long as the longest column, ${this.rows}`,
        received: `a column of ${length}`,
      }));
    const faults = [...missing, ...unknown, ...short];
    if (faults.length > 0 || (this.rows > 0 && this.rows <= maxInstances)) return faults;
    return [
      { path: 'columns', expected: `columns of 1 to ${maxInstances} values`, received: `columns of ${this.rows}` },
    ];
  }

  private refuse(wrong: ReadonlySet<number>): never {
    const faults: Fault[] = [];
    let total = 0;
    for (const row of [...wrong].sort((a, b) => a - b)) {
      const instance = Object.fromEntries([...this.columns].map(([name, values]) => [name, values[row]]));
      total += this.checker.countFaults(instance);
      if (faults.length < MAX_FAULTS) faults.push(...this.checker.explain(instance, `instances[${row}]`));
    }
    throw invalidInput(faults, total);
  }
}
