import type { Type } from '@nestjs/common';
import { validateSync } from 'class-validator';
import { received } from '#kit';
import { type ColumnReader, keepsLimits, kindOf, type NumberLimits, type RawColumn, type RawSchema } from '#schema';
import { isObject } from '../http/is-object.js';
import { EXTERNAL_ID, EXTERNAL_ID_EXPECTED, namesRow } from './external-id.js';
import { type Column, DictionaryColumn } from './column.js';
import type { Fault } from '../problem/problem.js';

interface Rule extends NumberLimits {
  readonly name: string;
  readonly isFlat: boolean;
  readonly reader: ColumnReader;
}

/** The caller's ids of rows, as a column for typed formats. */
const EXTERNAL_IDS: RawColumn = { name: EXTERNAL_ID, type: 'text', nullable: true, unknown: 'other', values: [] };
const AS_EXTERNAL_ID = { column: EXTERNAL_IDS, reader: kindOf(EXTERNAL_IDS).reader(EXTERNAL_IDS) };

/** The number that represents a value; `undefined` if it breaks the rule. */
function numberOf(rule: Rule, value: unknown): number | undefined {
  if (rule.isFlat && typeof value === 'number') return keepsLimits(rule, value) ? value : undefined;
  return rule.reader.fromJson(value);
}

/**
 * Checks instances against a model's columns, with readers that are compiled once per column. The DTO class uses the
 * same readers; class-validator itself runs only to word the faults.
 */
export class CompiledChecker {
  readonly names: readonly string[];
  private readonly rules: readonly Rule[];
  private readonly known: ReadonlySet<string>;
  /** Whether the field `external_id` is the caller's id of a row: the model's table has no such column. */
  readonly takesExternalIds: boolean;

  /**
   * @param dto made from the same columns
   * @param inputs in the order in which `read` returns their values
   * @param readers of these columns
   * @param unused names of other fields that an instance may have, with any value
   */
  constructor(
    private readonly dto: Type<object>,
    private readonly inputs: RawSchema,
    readers: readonly ColumnReader[],
    private readonly unused: readonly string[] = [],
  ) {
    this.names = inputs.map(({ name }) => name);
    this.rules = inputs.map((column, c) => {
      const [{ name }, reader] = [column, readers[c]];
      return { name, isFlat: reader.isFlat, reader, ...kindOf(column).limits(column) };
    });
    this.known = new Set([...this.names, ...unused, EXTERNAL_ID]);
    this.takesExternalIds = !this.names.includes(EXTERNAL_ID) && !unused.includes(EXTERNAL_ID);
  }

  /** The number of columns of an instance. */
  get width(): number {
    return this.names.length;
  }

  /**
   * Reads an instance's values into `values`, in column order, NaN for null.
   *
   * @returns whether the instance keeps every rule; otherwise `values` is undefined
   */
  read(instance: unknown, values: number[]): boolean {
    if (!isObject(instance)) return false;
    let present = 0;
    for (let c = 0; c < this.rules.length; c++) {
      const rule = this.rules[c];
      const value = instance[rule.name];
      const number = numberOf(rule, value);
      if (number === undefined) return false;
      values[c] = number;
      if (value !== undefined) present++;
    }
    if (!this.takesExternalIds || instance[EXTERNAL_ID] === undefined) {
      return Object.keys(instance).length === present + this.countUnused(instance);
    }
    if (!namesRow(instance[EXTERNAL_ID])) return false;
    return Object.keys(instance).length === present + 1 + this.countUnused(instance);
  }

  /** The caller's id of an instance that `read` has accepted. */
  externalIdOf(instance: unknown): string | undefined {
    if (!this.takesExternalIds) return undefined;
    return (instance as { readonly [EXTERNAL_ID]?: string | null })[EXTERNAL_ID] ?? undefined;
  }

  private countUnused(instance: Readonly<Record<string, unknown>>): number {
    let count = 0;
    for (const name of this.unused) if (Object.hasOwn(instance, name)) count++;
    return count;
  }

  /** Whether numbers in column order keep every rule, NaN for null. */
  keepsAll(values: readonly number[]): boolean {
    for (let c = 0; c < this.rules.length; c++) {
      const value = values[c];
      if (Number.isNaN(value) ? !this.rules[c].nullable : !keepsLimits(this.rules[c], value)) return false;
    }
    return true;
  }

  /** The column for a field of this name, with its reader. */
  column(name: string): { readonly column: RawColumn; readonly reader: ColumnReader } | undefined {
    const c = this.names.indexOf(name);
    if (c < 0 && this.takesExternalIds && name === EXTERNAL_ID) return AS_EXTERNAL_ID;
    return c < 0 ? undefined : { column: this.inputs[c], reader: this.rules[c].reader };
  }

  /** Whether an instance may have a field of this name. */
  knows(name: string): boolean {
    return this.known.has(name);
  }

  isNullable(column: number): boolean {
    return this.rules[column].nullable;
  }

  /**
   * Reads values `[from, to)` of one column into `target`, NaN for null.
   *
   * @returns the rows whose value breaks the column's rules, where `target` is undefined
   */
  readColumn(column: number, values: ArrayLike<unknown>, target: Float64Array, from = 0, to = values.length): number[] {
    const rule = this.rules[column];
    const wrong: number[] = [];
    for (let row = from; row < to; row++) {
      const number = numberOf(rule, values[row]);
      if (number === undefined) wrong.push(row);
      else target[row] = number;
    }
    return wrong;
  }

  /**
   * As {@link readColumn}, for a column in any form; each value of a dictionary is read once.
   *
   * @returns a function that reads rows `[from, to)` into a target and returns the rows whose value breaks the column's
   * rules
   */
  columnReader(column: number, values: Column): (target: Float64Array, from: number, to: number) => number[] {
    if (!(values instanceof DictionaryColumn)) {
      return (target, from, to) => this.readColumn(column, values, target, from, to);
    }
    const rule = this.rules[column];
    const numbers = values.values.map((value) => numberOf(rule, value));
    const nothing = numberOf(rule, null);
    return (target, from, to) => {
      const wrong: number[] = [];
      for (let row = from; row < to; row++) {
        const place = values.places[row];
        const number = place < 0 ? nothing : numbers[place];
        if (number === undefined) wrong.push(row);
        else target[row] = number;
      }
      return wrong;
    };
  }

  /** The number of faults that {@link explain} would find, at a fraction of its cost. */
  countFaults(instance: unknown): number {
    if (!isObject(instance)) return 1;
    const wrong = this.rules.filter((rule) => numberOf(rule, instance[rule.name]) === undefined).length;
    const named = Number(this.takesExternalIds && !namesRow(instance[EXTERNAL_ID]));
    return wrong + named + Object.keys(instance).filter((name) => !this.known.has(name)).length;
  }

  /**
   * All faults of an instance that `read` refused.
   * @param path of the instance in the body
   */
  explain(instance: unknown, path = ''): Fault[] {
    if (!isObject(instance)) {
      return [{ path, expected: `an object with ${this.names.join(', ')}`, received: received(instance) }];
    }
    const at = (name: string): string => (path ? `${path}.${name}` : name);
    const typed = new this.dto() as Record<string, unknown>;
    for (const name of this.names) if (Object.hasOwn(instance, name)) typed[name] = instance[name];
    const wrong = validateSync(typed).map(({ property, constraints }) => ({
      path: at(property),
      expected: Object.values(constraints!)[0],
      received: received(typed[property]),
    }));
    const absent = `absent: the fields are ${this.names.join(', ')}`;
    const unknown = Object.keys(instance)
      .filter((name) => !this.known.has(name))
      .map((name) => ({
        path: at(name),
        expected: absent,
        received: received(instance[name]),
      }));
    const name: unknown = this.takesExternalIds ? instance[EXTERNAL_ID] : undefined;
    if (namesRow(name)) return [...wrong, ...unknown];
    return [...wrong, { path: at(EXTERNAL_ID), expected: EXTERNAL_ID_EXPECTED, received: received(name) }, ...unknown];
  }
}
