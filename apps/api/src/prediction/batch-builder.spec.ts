import type { RawSchema } from '#schema';
import { Problem } from '../problem/problem.js';
import { BatchBuilder } from './batch-builder.js';
import { createContract } from './input-contract.js';

const SCHEMA: RawSchema = [
  { name: 'a', type: 'float', nullable: false },
  { name: 'b', type: 'integer', minimum: 0, maximum: 9, nullable: true },
];
const contract = createContract(SCHEMA, 1_000);

function read(slices: readonly unknown[][], capacity: number): { rows: number; columns: number[][] } {
  const builder = new BatchBuilder(contract, { capacity });
  for (const instance of slices.flat()) builder.add(instance);
  const { columns, rows } = builder.finish();
  return { rows, columns: columns.map((column) => [...column.subarray(0, rows)]) };
}

function refusal(slices: readonly unknown[][]): Problem {
  try {
    read(slices, 10);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('The batch was accepted');
}

describe('BatchBuilder', () => {
  it('collects instances column by column, in their order, NaN for null and for nothing', () => {
    const instances = [{ a: 1.5, b: 2 }, { b: null, a: -0 }, { a: 3 }];
    expect(read([instances], 3)).toEqual({
      rows: 3,
      columns: [
        [1.5, -0, 3],
        [2, NaN, NaN],
      ],
    });
  });

  it.each([0, 1, 2, 5, 100])('grows beyond a capacity of %d and keeps what it has', (capacity) => {
    const instances = Array.from({ length: 25 }, (_, i) => ({ a: i / 2, b: i % 10 }));
    const slices = [instances.slice(0, 1), instances.slice(1, 4), [], instances.slice(4, 20), instances.slice(20)];
    expect(read(slices, capacity)).toEqual({
      rows: 25,
      columns: [instances.map(({ a }) => a), instances.map(({ b }) => b)],
    });
  });

  it('tells how many instances it has seen, the refused ones and those beyond the limit included', () => {
    const builder = new BatchBuilder(contract, { capacity: 2, maxRows: 2 });
    for (const instance of [{ a: 1 }, { a: 2 }, 'no instance']) builder.add(instance);
    expect(builder.rows).toBe(3);
    expect(builder.finish().columns[0]).toEqual(new Float64Array([1, 2]));
  });

  it('reads rows of known fields from bytes, and leaves all others', () => {
    const builder = new BatchBuilder(createContract(SCHEMA, 1_000), { capacity: 2 });
    const scan = (text: string): number => builder.scan(Buffer.from(text), 0);
    expect(scan('{"a":1,"b":2}')).toBe(-1);
    builder.add({ b: 1, a: 1.5 });
    expect(scan('{"b":2,"a":2.5},{')).toBe(15);
    expect(scan('{ "b" : null , "a" : -0.5e1 }')).toBe(29);
    const others = ['{"a":1,"b":2}', '{"b":2}', '{"b":2,"a":null}', '{"b":10,"a":1}', '{"b":2,"a":1,"c":1}', '[2,1]'];
    const broken = ['{"b":2,"a":1', '{"b":2,"a":01}', '{"b":2"a":1}', '{"b":2,"b":2,"a":1}', '{"b":nul,"a":1}', '"b"'];
    for (const text of [...others, ...broken]) expect([text, scan(text)]).toEqual([text, -1]);
    const { columns, rows } = builder.finish();
    expect(columns.map((column) => [...column.subarray(0, rows)])).toEqual([
      [1.5, 2.5, -5],
      [1, 2, NaN],
    ]);
  });

  it('names every fault by the place of its instance in the whole batch', () => {
    const { type, detail, extension } = refusal([
      [{ a: 1 }, { a: '1', b: 10 }],
      [{ a: 2 }, null],
    ]);
    expect({ type, detail, ...extension }).toEqual({
      type: 'invalid-input',
      detail: 'instances[1].a must be a finite number; 2 more faults, see errors.',
      errors: [
        { path: 'instances[1].a', expected: 'a finite number', received: '1' },
        { path: 'instances[1].b', expected: 'a whole number from 0 to 9, or null', received: 10 },
        { path: 'instances[3]', expected: 'an object with a, b', received: null },
      ],
    });
  });

  it('lists the first hundred faults and counts them all', () => {
    const { detail, extension } = refusal([Array(99).fill({}), [{}, { a: 1 }], Array(50).fill({ b: -1 })]);
    expect(detail).toBe('instances[0].a must be a finite number; 199 more faults, see errors.');
    expect(extension.errors).toHaveLength(100);
    expect(extension.errors!.at(-1)!.path).toBe('instances[99].a');
    expect(extension.errors_total).toBe(200);
  });

  it('does not list more than a hundred faults of one instance', () => {
    const instance = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`x${i}`, i]));
    const { extension } = refusal([[{ a: '' }], [{ a: 1, ...instance }]]);
    expect(extension.errors).toHaveLength(100);
    expect(extension.errors!.at(-1)!.path).toBe('instances[1].x98');
    expect(extension.errors_total).toBe(251);
  });
});
