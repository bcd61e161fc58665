import { received } from '#kit';
import { invalidInput, MAX_FAULTS } from '../../problem/invalid-input.js';
import type { Fault } from '../../problem/problem.js';
import type { InstanceBatch } from '../batch-builder.js';
import { type Column, valueAt } from '../column.js';
import type { CompiledChecker } from '../compiled-checker.js';
import { EXTERNAL_ID, EXTERNAL_ID_EXPECTED, namesRow } from '../external-id.js';
import { oneToMost } from '../dto/predict.dto.js';
import { eachSlice, inSteps } from '../../http/steps.js';

/** A batch that arrives as named columns. */
export class ColumnBatch {
  private readonly rows: number;

  constructor(
    private readonly checker: CompiledChecker,
    private readonly columns: ReadonlyMap<string, Column>,
  ) {
    this.rows = [...columns.values()].reduce((rows, { length }) => Math.max(rows, length), 0);
  }

  /**
   * Checks the batch, yielding to the event loop.
   *
   * @throws Problem `invalid-input` naming invalid columns, or invalid rows with the messages of a batch of instances
   */
  async check(maxInstances: number): Promise<InstanceBatch> {
    const shape = this.shapeFaults(maxInstances);
    if (shape.length > 0) throw invalidInput(shape);
    const isWrong = new Uint8Array(this.rows);
    let wrong = 0;
    const checked = this.checker.names.map(() => new Float64Array(this.rows));
    for (const [c, name] of this.checker.names.entries()) {
      const values = this.columns.get(name);
      if (!values) checked[c].fill(NaN);
      else {
        const read = this.checker.columnReader(c, values);
        const steps = eachSlice(this.rows, (from, to) => {
          for (const row of read(checked[c], from, to)) {
            wrong += 1 - isWrong[row];
            isWrong[row] = 1;
          }
        });
        await inSteps(steps);
      }
    }
    if (wrong > 0) await this.refuse(isWrong);
    const externalIds = await this.readExternalIds();
    return { columns: checked, rows: this.rows, ...(externalIds && { externalIds }) };
  }

  /** @throws Problem `invalid-input` if an id is invalid */
  private async readExternalIds(): Promise<(string | undefined)[] | undefined> {
    const names = this.checker.takesExternalIds ? this.columns.get(EXTERNAL_ID) : undefined;
    if (!names) return undefined;
    const read: (string | undefined)[] = [];
    const faults: Fault[] = [];
    let total = 0;
    const steps = eachSlice(this.rows, (from, to) => {
      for (let row = from; row < to; row++) {
        const name = valueAt(names, row);
        // An empty cell of CSV is an absent id.
        if (name === '' || namesRow(name)) read.push(name || undefined);
        else {
          const path = `instances[${row}].${EXTERNAL_ID}`;
          if (total++ < MAX_FAULTS) faults.push({ path, expected: EXTERNAL_ID_EXPECTED, received: received(name) });
        }
      }
    });
    await inSteps(steps);
    if (total > 0) throw invalidInput(faults, total);
    return read;
  }

  private shapeFaults(maxInstances: number): Fault[] {
    const { names } = this.checker;
    const required = names.filter((_, c) => !this.checker.isNullable(c));
    const missing = required
      .filter((name) => !this.columns.has(name))
      .map((name) => ({ path: `columns.${name}`, expected: 'a column of values', received: 'nothing' }));
    const absent = `absent: the fields are ${names.join(', ')}`;
    const unknown = [...this.columns]
      .filter(([name]) => !this.checker.knows(name))
      .map(([name, { length }]) => ({ path: `columns.${name}`, expected: absent, received: `a column of ${length}` }));
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
      {
        path: 'columns',
        expected: `columns of ${oneToMost(maxInstances, 'values')}`,
        received: `columns of ${this.rows}`,
      },
    ];
  }

  private async refuse(isWrong: Uint8Array): Promise<never> {
    const faults: Fault[] = [];
    let total = 0;
    const steps = eachSlice(this.rows, (from, to) => {
      for (let row = from; row < to; row++) {
        if (isWrong[row] === 0) continue;
        const instance = Object.fromEntries([...this.columns].map(([name, values]) => [name, valueAt(values, row)]));
        total += this.checker.countFaults(instance);
        if (faults.length < MAX_FAULTS) faults.push(...this.checker.explain(instance, `instances[${row}]`));
      }
    });
    await inSteps(steps);
    throw invalidInput(faults, total);
  }
}
