import fc from 'fast-check';
import { kindOf, type RawColumn, type RawSchema } from '#schema';
import { type KernelPlan, rowKernel, tokenColumns } from './row-kernel.js';

/** More before a release: `JSON_CASES=1000000 npm test -- row-kernel`. */
const CASES = Number(process.env.JSON_CASES ?? 20_000);

const SEED = Number(process.env.JSON_SEED ?? Date.now() % 1_000_000);

const FLOAT: RawColumn = { name: 'a', type: 'float', nullable: true };
const [A, B]: KernelPlan[] = [planOf(['a']), planOf(['b', 'a'])];

/** Of columns that take any number, in the order in which rows have them. */
function planOf(
  names: readonly string[],
  columns: RawSchema = names.map((name) => ({ ...FLOAT, name })),
  isToken = false,
): KernelPlan {
  return {
    fields: names.map((name, i) => ({
      ...kindOf(columns[i]).limits(columns[i]),
      before: Buffer.from(`${i === 0 ? '{' : ','}${JSON.stringify(name)}:`),
      column: i,
      isToken,
    })),
    firstColumn: tokenColumns(names.length),
    width: names.length,
  };
}

const kernel = rowKernel();

/** Values of the rows that are read, row by row, and where the last one ends. */
function read(plan: KernelPlan, text: string, at = 0): { values: number[]; end: number } {
  const rows = kernel.read(plan, Buffer.from(text), at);
  return { values: [...kernel.values.subarray(0, rows * plan.width)], end: rows === 0 ? at : kernel.end };
}

const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength });
/** Numbers in any spelling, and texts that are nearly one. */
const spelled = fc
  .tuple(
    fc.constantFrom('', '-', '-', '+'),
    fc.oneof(fc.constant('0'), digits(20), digits(3)),
    fc.option(fc.oneof(digits(25), digits(17), fc.constant(''))),
    fc.option(
      fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-', 'e-', 'E+-'), fc.oneof(fc.nat(30), fc.nat(330), fc.constant(''))),
    ),
  )
  .map(
    ([sign, whole, part, power]) => `${sign}${whole}${part === null ? '' : `.${part}`}${power ? power.join('') : ''}`,
  );
const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value));
/** As measurements are: of everyday size, with all their digits. */
const everyday = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => JSON.stringify(value));

function parsed(text: string): number | undefined {
  try {
    return JSON.parse(text) as number;
  } catch {
    return undefined;
  }
}

/** What the kernel has to read of what JSON.stringify writes: larger ones may have more digits. */
const isEveryday = (value: number): boolean => value === 0 || (Math.abs(value) > 1e-60 && Math.abs(value) < 1e18);

/** JSON.stringify writes both zeros as 0. */
const positiveZero = (value: number): number => value + 0;

describe('The kernel of rows', () => {
  it(`reads each number as JSON.parse does, or leaves it (seed ${SEED})`, () => {
    fc.assert(
      fc.property(fc.oneof(spelled, double, everyday), (text) => {
        const { values } = read(A, `{"a":${text}}`);
        const expected = parsed(text);
        if (values.length > 0) expect(values).toEqual([expected]);
        else if (expected !== undefined) expect(JSON.stringify(expected) === text && isEveryday(expected)).toBe(false);
      }),
      { numRuns: CASES, seed: SEED, endOnFailure: true },
    );
  });

  it('reads what lies half way between two doubles, and next to it', () => {
    const random = fc.tuple(fc.bigInt({ min: 1n << 52n, max: (1n << 53n) - 1n }), fc.integer({ min: -40, max: 8 }));
    fc.assert(
      fc.property(random, fc.integer({ min: -1, max: 1 }), ([mantissa, power], step) => {
        const half = 2n * mantissa + 1n;
        const exact = power >= 0 ? half << BigInt(power) : half * 5n ** BigInt(-power);
        const text = `${exact + BigInt(step)}${power < 0 ? `e${power}` : ''}`;
        const { values } = read(A, `{"a":${text}}`);
        if (values.length > 0) expect(values).toEqual([Number(text)]);
        else expect(text.replace(/e.*/, '').length).toBeGreaterThan(19);
      }),
      { numRuns: 5_000, endOnFailure: true },
    );
  });

  it.each([
    '-',
    '.5',
    '+1',
    '01',
    '-01',
    '1.',
    '1.e5',
    '1e',
    '1e+',
    '1-1',
    '1.5.5',
    'NaN',
    'Infinity',
    '"1"',
    'nul',
    '1 1',
  ])('reads no number in %s', (text) => expect(read(A, `{"a":${text}}`).values).toEqual([]));

  it('tells 0 from -0, and null from both', () => {
    expect(read(A, '{"a":0},{"a":-0},{"a":-0.00e1},{"a":null}').values).toEqual([0, -0, -0, NaN]);
  });

  it('reads rows with blanks anywhere, until one is different', () => {
    const blank = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
    const rows = fc.array(fc.tuple(fc.double().filter(isEveryday).map(positiveZero), fc.integer()), { minLength: 1 });
    fc.assert(
      fc.property(rows, fc.array(blank, { minLength: 8, maxLength: 8 }), (numbers, [a, b, c, d, e, f, g, h]) => {
        const text = numbers
          .map((row) => {
            const [first, second] = row.map((number) => JSON.stringify(number));
            return `{${a}"b"${b}:${c}${first}${d},${e}"a"${b}:${f}${second}${g}}${h}`;
          })
          .join(`,${a}`);
        const end = text.length - h.length;
        for (const more of [
          '',
          ',{"a":1,"b":2}',
          ',{"b":1}',
          ',{"b":1,"a":2',
          ']',
          ',{"b":1,"a":2,"c":3}',
          ',{"b":"1","a":2}',
        ]) {
          expect(read(B, text + more)).toEqual({ values: numbers.flat(), end });
        }
      }),
    );
  });

  it('reads nothing that is cut off, wherever it is', () => {
    const text = '{"b" : -1.25e3, "a":null}';
    for (let end = 0; end < text.length; end++) expect(read(B, text.slice(0, end)).values).toEqual([]);
    // What stood there before is of no matter.
    expect(read(B, text).values).toEqual([-1250, NaN]);
    expect(read(B, text.slice(0, -1)).values).toEqual([]);
  });

  it('leaves rows that break the rules of a column', () => {
    const columns: RawSchema = [
      { name: 'a', type: 'float', minimum: 0, maximum: 1, nullable: false },
      { name: 'b', type: 'integer', nullable: true },
    ];
    const plan = planOf(['a', 'b'], columns);
    expect(read(plan, '{"a":0,"b":1},{"a":1,"b":null},{"a":1.5,"b":1}').values).toEqual([0, 1, 1, NaN]);
    for (const text of ['{"a":-0.1,"b":1}', '{"a":null,"b":1}', '{"a":1,"b":0.5}']) {
      expect([text, read(plan, text).values]).toEqual([text, []]);
    }
  });

  it('reads tokens as the numbers that were remembered of their column', () => {
    const plan = planOf(['a', 'b'], undefined, true);
    const tokens = ['"x"', '"éé ☃"', '"twelve bytes"', 'true', '17', '""', `"${'long'.repeat(11)}"`];
    const bytes = Buffer.from(`{"a":${tokens.map((token) => `${token},"b":1},{"a":`).join('')}`);
    expect(kernel.read(plan, bytes, 0)).toBe(0);
    for (const [number, token] of tokens.entries()) {
      const at = bytes.indexOf(token);
      kernel.remember(plan, 0, bytes, at, at + Buffer.byteLength(token), number);
      kernel.remember(plan, 1, bytes, at, at + Buffer.byteLength(token), -number);
    }
    const text = tokens.map((token) => `{"a":${token}, "b" : ${token} }`).join();
    expect(read(plan, text).values).toEqual(tokens.flatMap((_, number) => [number, -number]));
    for (const other of ['"y"', '"x', '"\\u0078"', '"x" x', 'truer', '1', '"twelve byte"', '"long"', '']) {
      expect([other, read(plan, `{"a":${other},"b":true}`).values]).toEqual([other, []]);
    }
    // Other readers may make another number of the same token.
    expect(read({ ...plan, firstColumn: tokenColumns(2) }, text).values).toEqual([]);
  });

  it('reads each token as its own number or leaves it, however many are remembered', () => {
    const plan = planOf(['a'], undefined, true);
    const rowOf = (i: number): Buffer => Buffer.from(`{"a":"token ${i}"}`);
    const found = (i: number): number[] => read(plan, rowOf(i).toString()).values;
    for (let i = 0; i < 70_000; i++) {
      const bytes = rowOf(i);
      // Twice: a table that is full takes the next one.
      for (let turn = 0; turn < 2; turn++) {
        kernel.read(plan, bytes, 0);
        kernel.remember(plan, 0, bytes, 5, bytes.length - 1, i);
      }
      if (i % 997 === 0) expect(found(i)).toEqual([i]);
    }
    let known = 0;
    for (let i = 0; i < 70_000; i++) {
      const values = found(i);
      if (values.length > 0 && values[0] !== i) expect([i, values]).toEqual([i, [i]]);
      known += values.length;
    }
    expect(known).toBeGreaterThan(1_000);
    expect(known).toBeLessThan(40_000);
  });

  it('reads texts that are longer than its window, a part after the other', () => {
    const row = (i: number): string => `{"a":${i / 8}}`;
    const text = `[${Array.from({ length: 30_000 }, (_, i) => row(i)).join()}]`;
    const bytes = Buffer.from(text);
    const values: number[] = [];
    for (let at = 1; at < bytes.length - 1;) {
      const rows = kernel.read(A, bytes, at);
      expect(rows).toBeGreaterThan(0);
      values.push(...kernel.values.subarray(0, rows));
      at = kernel.end + 1;
    }
    expect(values).toEqual(Array.from({ length: 30_000 }, (_, i) => i / 8));
    expect(read(A, `{"a":${' '.repeat(70_000)}1}`).values).toEqual([]);
  });

  it('reads rows of many columns', () => {
    const wide = planOf(Array.from({ length: 40_000 }, (_, i) => `feature_${i}`));
    const values = wide.fields.map((_, i) => i % 7);
    const slim = planOf(Array.from({ length: 3_000 }, (_, i) => `f${i}`));
    const text = (plan: KernelPlan): string =>
      `${plan.fields.map(({ before }, i) => `${before.toString()}${i % 7}`).join('')}}`;
    expect(read(slim, `${text(slim)},${text(slim)}`).values).toEqual([
      ...values.slice(0, 3_000),
      ...values.slice(0, 3_000),
    ]);
    expect(read(wide, text(wide)).values).toEqual([]);
    expect(read(A, '{"a":1}').values).toEqual([1]);
  });
});
