import type { Type } from '@nestjs/common';
import { getMetadataStorage, validateSync } from 'class-validator';
import { received } from '../problem/invalid-input.js';
import { isObject } from '../http/is-object.js';
import type { Fault } from '../problem/problem.js';

interface Rule {
  readonly name: string;
  readonly integer: boolean;
  readonly minimum: number;
  readonly maximum: number;
  readonly nullable: boolean;
}

function unknownRule(dto: Type<object>, name: string, constraint?: string): Error {
  return new Error(`${dto.name}.${name}: the compiled checker does not know the rule "${constraint}"; teach it`);
}

/** Reads class-validator's metadata of a DTO into flat rules, in the order in which its properties were declared. */
function compileRules(dto: Type<object>): readonly Rule[] {
  const rules = new Map<string, Rule>();
  const metadata = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  for (const { propertyName: name, name: constraint, type, constraints, each } of metadata) {
    const rule = rules.get(name) ?? { name, integer: false, minimum: -Infinity, maximum: Infinity, nullable: false };
    const [bound] = (constraints ?? []) as number[];
    if (each || (type === 'conditionalValidation' && constraint !== 'isOptional'))
      throw unknownRule(dto, name, constraint);
    if (constraint === 'isOptional') rules.set(name, { ...rule, nullable: true });
    else if (constraint === 'isNumber') rules.set(name, rule);
    else if (constraint === 'isInt') rules.set(name, { ...rule, integer: true });
    else if (constraint === 'min') rules.set(name, { ...rule, minimum: bound });
    else if (constraint === 'max') rules.set(name, { ...rule, maximum: bound });
    else throw unknownRule(dto, name, constraint);
  }
  return [...rules.values()];
}

function keeps({ integer, minimum, maximum, nullable }: Rule, value: unknown): boolean {
  if (typeof value !== 'number') return nullable && (value === null || value === undefined);
  return value >= minimum && value <= maximum && (integer ? Number.isInteger(value) : Number.isFinite(value));
}

/**
 * Checks instances against a DTO class of numbers. The rules come from class-validator's own metadata, compiled once;
 * class-validator itself runs only to word what is wrong.
 */
export class CompiledChecker {
  private readonly rules: readonly Rule[];
  private readonly known: ReadonlySet<string>;

  /**
   * @param names of the properties, in the order in which `read` gives their values
   * @param unused names of fields that an instance may have besides, whatever they hold
   */
  constructor(
    private readonly dto: Type<object>,
    readonly names: readonly string[],
    private readonly unused: readonly string[] = [],
  ) {
    const rules = new Map(compileRules(dto).map((rule) => [rule.name, rule]));
    this.rules = names.map((name) => rules.get(name)!);
    this.known = new Set([...names, ...unused]);
  }

  /** How many columns an instance has. */
  get width(): number {
    return this.names.length;
  }

  /**
   * Reads an instance's values into `values`, in column order, NaN for null.
   *
   * @returns whether the instance keeps every rule; `values` means nothing otherwise
   */
  read(instance: unknown, values: number[]): boolean {
    if (!isObject(instance)) return false;
    let present = 0;
    for (let c = 0; c < this.rules.length; c++) {
      const rule = this.rules[c];
      const value = instance[rule.name];
      if (!keeps(rule, value)) return false;
      values[c] = typeof value === 'number' ? value : NaN;
      if (value !== undefined) present++;
    }
    return Object.keys(instance).length === present + this.countUnused(instance);
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
      if (Number.isNaN(value) ? !this.rules[c].nullable : !keeps(this.rules[c], value)) return false;
    }
    return true;
  }

  /** Whether a field of this name is read. */
  uses(name: string): boolean {
    return this.known.has(name) && !this.unused.includes(name);
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
   * @returns the rows whose value breaks the column's rules; `target` means nothing there
   */
  readColumn(column: number, values: ArrayLike<unknown>, target: Float64Array, from = 0, to = values.length): number[] {
    const rule = this.rules[column];
    const wrong: number[] = [];
    for (let row = from; row < to; row++) {
      const value = values[row];
      if (keeps(rule, value)) target[row] = typeof value === 'number' ? value : NaN;
      else wrong.push(row);
    }
    return wrong;
  }

  /** How many faults {@link explain} would find, at a fraction of its cost. */
  countFaults(instance: unknown): number {
    if (!isObject(instance)) return 1;
    const wrong = this.rules.filter((rule) => !keeps(rule, instance[rule.name])).length;
    return wrong + Object.keys(instance).filter((name) => !this.known.has(name)).length;
  }

  /** Everything that is wrong with an instance that `read` refused. @param path where it stands in the body */
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
    return [...wrong, ...unknown];
  }
}
