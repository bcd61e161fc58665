import fc from 'fast-check';
import type { RawSchema } from '#schema';
import { BodyParts } from '../../../http/body-parts.js';
import { Problem } from '../../../problem/problem.js';
import { createContract, type InputContract } from '../../input-contract.js';
import { JSON_FORMAT } from './json.format.js';

const SEED = Number(process.env.JSON_SEED ?? Date.now() % 1_000_000);
const MAX_ROWS = 10_000;
/** Of the longest that the kernel remembers, and of one byte less and more. */
const LONG = [255, 256, 257, 300].map((length) => 'x'.repeat(length));
const WORDS = [
  '',
  'a',
  'ä',
  'é ☃',
  '\u{1F600}',
  '17',
  'null',
  'a,b',
  ']',
  'exactly 16 bytes',
  '17 bytes: é ☃ a',
  ...LONG,
];

const SCHEMA: RawSchema = [
  { name: 'city', type: 'category', codes: 'text', values: WORDS, nullable: true },
  { name: 'other', type: 'category', codes: 'text', values: WORDS.slice(3), unknown: 'other', nullable: false },
  { name: 'missing', type: 'category', codes: 'text', values: WORDS.slice(0, 5), unknown: 'missing', nullable: true },
  { name: 'ward', type: 'category', codes: 'number', values: [1, 2.5, 17], unknown: 'other', nullable: true },
  { name: 'text', type: 'text', values: ['a', 'b'], nullable: true },
  { name: 'ill', type: 'boolean', nullable: true },
  { name: 'born', type: 'date', nullable: true },
  { name: 'seen', type: 'datetime', timezone: 'UTC', nullable: true },
  { name: 'age', type: 'float', minimum: 0, maximum: 200, nullable: true },
  { name: 'visits', type: 'integer', nullable: false },
];

/** As a contract that has no fast way to read rows. */
function plain(contract: InputContract): InputContract {
  const rows = { values: [], learn: () => undefined, scanMany: () => 0, scan: () => -1 };
  return { ...contract, rows: rows as unknown as InputContract['rows'] };
}

/** The columns of a batch, or what is said of it. */
async function outcome(contract: InputContract, body: Buffer): Promise<unknown> {
  const parts = new BodyParts();
  parts.append(body);
  try {
    const { columns, rows } = await JSON_FORMAT.read(parts, contract, MAX_ROWS);
    return columns.map((column) => [...column.subarray(0, rows)]);
  } catch (error) {
    if (error instanceof Problem) return error.toDocument();
    throw error;
  }
}

const blank = fc.constantFrom('', '', '', ' ', '\n\t ');
const text = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'binary', maxLength: 40 }));
const word = fc.constantFrom(...WORDS.slice(3));
/** A text, some of its characters as escapes. */
const spelled = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(texts, fc.integer({ min: 0, max: 20 })).map(([value, escaped]) => {
    const json = JSON.stringify(value);
    const code = json.charCodeAt(escaped);
    const isPlain = escaped > 0 && escaped < json.length - 1 && !json.includes('\\');
    return isPlain
      ? `${json.slice(0, escaped)}\\u${code.toString(16).padStart(4, '0')}${json.slice(escaped + 1)}`
      : json;
  });
const date = fc.date({ min: new Date('1950-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
const json = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<string> => values.map((value) => JSON.stringify(value));
const nothing = fc.constant('null');

/** Valid values of each column, and for one cell in many anything else. */
const VALID: Readonly<Record<string, fc.Arbitrary<string>>> = {
  city: fc.oneof(json(fc.constantFrom(...WORDS)), nothing),
  other: fc.oneof(json(word), spelled(text)),
  missing: fc.oneof(json(word), json(text), nothing),
  ward: fc.oneof(fc.constantFrom('1', '2.5', '17', '1.0', '"17"', '25e-1', '3'), nothing),
  text: fc.oneof(json(text), nothing),
  ill: fc.constantFrom('true', 'false', 'null'),
  born: fc.oneof(json(date.map((at) => at.toISOString().slice(0, 10))), nothing),
  seen: fc.oneof(json(date.map((at) => at.toISOString())), nothing),
  age: fc.oneof(json(fc.double({ min: 0, max: 200, noNaN: true })), nothing),
  visits: json(fc.integer()),
};
const wrong = fc.oneof(
  spelled(text),
  fc.constantFrom(
    '1e400',
    '-0',
    '123456789012345678901234567890',
    '[]',
    '{"a":1}',
    'tru',
    '"a',
    '01',
    '1.',
    '"\u0001"',
  ),
  json(fc.anything({ maxDepth: 1 })).filter((value) => value !== undefined),
);

const column = fc.constantFrom(...Object.keys(VALID));
const seldom = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 60, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: values });
const row = fc
  .record({
    values: fc.record(VALID),
    odd: seldom(fc.tuple(column, wrong)),
    absent: seldom(column),
    twice: seldom(column),
    blanks: fc.array(blank, { minLength: 4, maxLength: 4 }),
  })
  .map(({ values, odd, absent, twice, blanks: [a, b, c, d] }) => {
    const all: Record<string, string> = odd ? { ...values, [odd[0]]: odd[1] } : values;
    const fields = Object.entries(all).filter(([name]) => name !== absent);
    if (twice) fields.push([twice, values[twice]]);
    return `{${a}${fields.map(([name, value]) => `${b}"${name}"${c}:${d}${value}`).join(`${a},`)}${b}}`;
  });

describe('JSON_FORMAT', () => {
  it(`reads columns of every kind as it does without kernels (seed ${SEED})`, async () => {
    const contract = createContract(SCHEMA, MAX_ROWS);
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), blank, async (rows, between) => {
        // Twice: what came before is read by the kernels.
        const body = Buffer.from(`{"instances":[${[...rows, ...rows].join(`${between},${between}`)}]}`);
        const expected = await outcome(plain(contract), body);
        for (let turn = 0; turn < 2; turn++) expect(await outcome(contract, body)).toEqual(expected);
      }),
      { seed: SEED, numRuns: Number(process.env.JSON_CASES ?? 500), endOnFailure: true },
    );
  });
});
