import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { COLUMN_TYPES, type ColumnType, kindOf, type RawColumn, type RawSchema } from '#schema';
import { CompiledChecker } from './compiled-checker.js';
import { createPredictDto } from './dto/predict.dto.js';

const NAMES = ['feature_1', 'feature_2', 'ratio', 'ä b', '7'];
const TEXTS = ['', '__proto__', 'constructor', '1', 'ä'];
const STRANGE_NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'Feature_1', '', '0', 'extra'];

const low = fc.oneof(fc.integer({ min: -12, max: 2 }), fc.double({ min: -12, max: 2, noNaN: true }));
const high = fc.oneof(fc.integer({ min: -2, max: 12 }), fc.double({ min: -2, max: 12, noNaN: true }));

const base = {
  name: fc.constantFrom(...NAMES),
  nullable: fc.boolean(),
  missing: fc.constantFrom(['', 'NA'], ['-9', ' '], []),
};
const unknown = fc.constantFrom('error' as const, 'missing' as const, 'other' as const);
const recordOf = (fields: Record<string, fc.Arbitrary<unknown>>, ...required: string[]): fc.Arbitrary<RawColumn> => {
  const all: Record<string, fc.Arbitrary<unknown>> = { ...base, ...fields };
  const record = fc.record(all, { requiredKeys: ['name', 'type', 'nullable', ...required] });
  return record as unknown as fc.Arbitrary<RawColumn>;
};

const COLUMN_OF: Readonly<Record<ColumnType, fc.Arbitrary<RawColumn>>> = {
  float: recordOf({ type: fc.constant('float'), minimum: low, maximum: high }),
  integer: recordOf({ type: fc.constant('integer'), minimum: low, maximum: high }),
  boolean: recordOf({ type: fc.constant('boolean') }),
  category: fc.oneof(
    recordOf(
      { type: fc.constant('category'), codes: fc.constant('text'), values: fc.constant(TEXTS), unknown },
      'codes',
      'values',
    ),
    recordOf(
      { type: fc.constant('category'), codes: fc.constant('number'), values: fc.constant([0, 1, 2.5]), unknown },
      'codes',
      'values',
    ),
  ),
  text: recordOf({ type: fc.constant('text'), values: fc.constant(TEXTS), unknown }, 'values'),
  date: recordOf({ type: fc.constant('date') }),
  datetime: recordOf({ type: fc.constant('datetime'), timezone: fc.constantFrom('UTC', '-03:30') }),
};

const columns: fc.Arbitrary<RawSchema> = fc.uniqueArray(fc.oneof(...COLUMN_TYPES.map((type) => COLUMN_OF[type])), {
  minLength: 1,
  maxLength: 4,
  selector: ({ name }) => name,
});

const number = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: -12, max: 12 }) },
  { weight: 2, arbitrary: fc.double({ min: -12, max: 12 }) },
  fc.double(),
  fc.constantFrom(NaN, Infinity, -Infinity, -0, 0, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 53, 1e20, 5e-324),
);

const noNumber = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, '', '1', 'NaN', 'NA', [], {}, [1], { valueOf: 1 }, [[]]),
  fc.constantFrom(...TEXTS, '2.50', '2024-02-29', '2023-02-29', '2024-02-29T12:00', '2024-02-29 12:00:00.5+01:00'),
  fc.jsonValue({ maxDepth: 2 }).filter((value) => typeof value !== 'number'),
);

/** Plain objects as JSON.parse makes them, with own keys only, including `__proto__`; occasionally something else. */
const instanceOf = (schema: RawSchema): fc.Arbitrary<unknown> => {
  const value = fc.oneof({ weight: 3, arbitrary: number }, { weight: 2, arbitrary: noNumber });
  const known = fc.tuple(
    ...schema.map(({ name }) => fc.tuple(fc.constant(name), fc.option(value, { freq: 20, nil: undefined }))),
  );
  const unknown = fc.array(fc.tuple(fc.constantFrom(...STRANGE_NAMES), fc.oneof(number, noNumber)), {
    minLength: 1,
    maxLength: 2,
  });
  const entries = fc.tuple(known, fc.option(unknown, { freq: 1, nil: [] })).map(([own, other]) => [...own, ...other]);
  const object = fc
    .oneof({ weight: 4, arbitrary: known }, entries)
    .map((all) => Object.fromEntries(all.filter(([, it]) => it !== undefined)) as unknown);
  return fc.oneof({ weight: 30, arbitrary: object }, number, noNumber, fc.constant(undefined));
};

const samples = columns.chain((schema) =>
  fc.record({ schema: fc.constant(schema), instances: fc.array(instanceOf(schema), { minLength: 20, maxLength: 20 }) }),
);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** class-validator's messages for the declared columns: one for each broken rule. */
function wordsOf(dto: new () => object, instance: Record<string, unknown>): Map<string, string[]> {
  const typed = new dto();
  for (const [name, value] of Object.entries(instance)) {
    Object.defineProperty(typed, name, { value, enumerable: true, writable: true, configurable: true });
  }
  return new Map(validateSync(typed).map(({ property, constraints }) => [property, Object.values(constraints!)]));
}

/** Whether class-validator accepts an instance: no error, and no undeclared key. */
function accepts(dto: new () => object, names: readonly string[], instance: unknown): boolean {
  if (!isObject(instance)) return false;
  return wordsOf(dto, instance).size === 0 && Object.keys(instance).every((name) => names.includes(name));
}

function checkerOf(schema: RawSchema): { dto: new () => object; names: string[]; checker: CompiledChecker } {
  const readers = schema.map((column) => kindOf(column).reader(column));
  const dto = createPredictDto(schema, readers);
  const names = schema.map(({ name }) => name);
  return { dto, names, checker: new CompiledChecker(dto, schema, readers) };
}

const SCHEMA: RawSchema = [
  { name: 'a', type: 'float', nullable: false },
  { name: 'b', type: 'float', minimum: 0, maximum: 100, nullable: false },
  { name: 'c', type: 'integer', minimum: 1, nullable: true },
  { name: 'd', type: 'integer', maximum: 10, nullable: false },
];
const SOUND = { a: 0.5, b: 75.5, c: 3, d: -4 };

describe('CompiledChecker', () => {
  it('accepts exactly what class-validator accepts', () => {
    const counts = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(samples, ({ schema, instances }) => {
        const { dto, names, checker } = checkerOf(schema);
        for (const instance of instances) {
          const accepted = checker.read(instance, []);
          expect([instance, accepted]).toEqual([instance, accepts(dto, names, instance)]);
          counts[accepted ? 'accepted' : 'refused']++;
        }
      }),
      { numRuns: 300 },
    );
    expect(counts.accepted).toBeGreaterThan(200);
    expect(counts.refused).toBeGreaterThan(200);
  });

  it('finds wrong the columns that class-validator does, whose words for each broken rule are those of the kind', () => {
    let wrong = 0;
    fc.assert(
      fc.property(samples, ({ schema, instances }) => {
        const { dto, checker } = checkerOf(schema);
        for (const instance of instances.filter(isObject)) {
          const words = wordsOf(dto, instance);
          for (const [c, column] of schema.entries()) {
            const value = Object.hasOwn(instance, column.name) ? instance[column.name] : undefined;
            const said = new Set(words.get(column.name));
            const broken = checker.readColumn(c, [value], new Float64Array(1)).length > 0;
            expect([column, value, ...said]).toEqual([
              column,
              value,
              ...(broken ? [kindOf(column).expectation(column)] : []),
            ]);
            if (broken) wrong++;
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(wrong).toBeGreaterThan(500);
  });

  it('gives the values of an accepted instance in column order, NaN where there is none', () => {
    fc.assert(
      fc.property(samples, ({ schema, instances }) => {
        const { checker } = checkerOf(schema);
        for (const instance of instances) {
          const values: number[] = [];
          if (!checker.read(instance, values)) continue;
          const object = instance as Record<string, unknown>;
          expect(values).toEqual(
            schema.map((column) => {
              const value = Object.hasOwn(object, column.name) ? object[column.name] : undefined;
              return kindOf(column).reader(column).fromJson(value);
            }),
          );
        }
      }),
    );
  });

  it('counts as many faults as it explains, at least one, for whatever it refuses', () => {
    fc.assert(
      fc.property(samples, ({ schema, instances }) => {
        const { checker } = checkerOf(schema);
        for (const instance of instances) {
          if (checker.read(instance, [])) continue;
          const faults = checker.explain(instance).length;
          expect(faults).toBeGreaterThan(0);
          expect(checker.countFaults(instance)).toBe(faults);
        }
      }),
    );
  });

  it('reads values in column order, whatever the order of the keys', () => {
    const values: number[] = [];
    expect(checkerOf(SCHEMA).checker.read({ d: -4, c: 3, b: 75.5, a: 0.5 }, values)).toBe(true);
    expect(values).toEqual([0.5, 75.5, 3, -4]);
  });

  it.each([
    { ...SOUND, c: null },
    { a: 0.5, b: 75.5, d: -4 },
  ])('reads a nullable column without a value as NaN: %j', (instance) => {
    const values: number[] = [];
    expect(checkerOf(SCHEMA).checker.read(instance, values)).toBe(true);
    expect(values).toEqual([0.5, 75.5, NaN, -4]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('refuses the own key %s as unknown', (name) => {
    const { checker } = checkerOf(SCHEMA);
    const instance: unknown = JSON.parse(`{"a": 0.5, "b": 75.5, "c": 3, "d": -4, "${name}": {"a": 1}}`);
    expect(checker.read(instance, [])).toBe(false);
    expect(checker.explain(instance)).toEqual([
      { path: name, expected: 'absent: the fields are a, b, c, d', received: 'an object' },
    ]);
  });

  it('does not take values from a __proto__ key', () => {
    const instance: unknown = JSON.parse(`{"__proto__": ${JSON.stringify(SOUND)}}`);
    expect(checkerOf(SCHEMA).checker.read(instance, [])).toBe(false);
  });

  it('explains every fault: first the declared columns, then the unknown keys', () => {
    const instance = { a: 'x', b: 100.5, c: 1.5, d: [1, 2], e: null, f: {} };
    expect(checkerOf(SCHEMA).checker.explain(instance)).toEqual([
      { path: 'a', expected: 'a finite number', received: 'x' },
      { path: 'b', expected: 'a finite number from 0 to 100', received: 100.5 },
      { path: 'c', expected: 'a whole number of at least 1, or null', received: 1.5 },
      { path: 'd', expected: 'a whole number of at most 10', received: 'an array of 2' },
      { path: 'e', expected: 'absent: the fields are a, b, c, d', received: null },
      { path: 'f', expected: 'absent: the fields are a, b, c, d', received: 'an object' },
    ]);
  });

  it('explains where in the body an instance stands', () => {
    const { checker } = checkerOf(SCHEMA);
    expect(checker.explain({ ...SOUND, a: Infinity }, 'instances[3]')).toEqual([
      {
        path: 'instances[3].a',
        expected: 'a finite number',
        received: 'Infinity, a number beyond the range of a double',
      },
    ]);
    expect(checker.explain([SOUND], 'instances[3]')).toEqual([
      { path: 'instances[3]', expected: 'an object with a, b, c, d', received: 'an array of 1' },
    ]);
  });

  it('explains what is missing', () => {
    expect(checkerOf(SCHEMA).checker.explain({ a: 1, b: 2 })).toEqual([
      { path: 'd', expected: 'a whole number of at most 10', received: 'nothing' },
    ]);
  });

  it.each([null, undefined, 5, 'text', true])('explains that %p is no object', (instance) => {
    expect(checkerOf(SCHEMA).checker.explain(instance)).toEqual([
      { path: '', expected: 'an object with a, b, c, d', received: instance ?? (instance === null ? null : 'nothing') },
    ]);
  });
});
