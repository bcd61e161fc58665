import fc from 'fast-check';
import { BodyParts } from '../../../http/body-parts.js';
import { instanceSlices, isSliceable } from './instance-slices.js';

const SLICE_BYTES = 32 * 1_024;
const PART_BYTES = 65_000;

/** In parts of about the size that a connection gives. */
function bodyOf(bytes: Buffer): BodyParts {
  const body = new BodyParts();
  for (let start = 0; start < bytes.length; start += PART_BYTES) body.append(bytes.subarray(start, start + PART_BYTES));
  return body;
}

/** All slices put together; `undefined` when the text is to be parsed whole. */
function joined(text: string): unknown[] | undefined {
  const slices = [...instanceSlices(bodyOf(Buffer.from(text)))];
  return slices.includes(undefined) ? undefined : slices.flatMap((slice) => slice!);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a string may hold that looks like structure, or is more than one byte. */
const unit = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '},{',
  ']}',
  '\n',
  '\u0000',
  'é',
  '€',
  '😀',
  '\ud800',
  'x',
  ' ',
);
const text = fc.string({ unit, maxLength: 12 });
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    text,
    fc.constantFrom(null, true, false, 0, -1),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
})).value;
const instance = fc.oneof({ weight: 4, arbitrary: fc.dictionary(text, value, { maxKeys: 5 }) }, value);
const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\r', '\n'), maxLength: 4 });

/** How to write a valid body of more than two slices: some instances over and over. Small, so that failures are readable. */
interface Recipe {
  readonly instances: unknown[];
  readonly spaces: string[];
  readonly indent: number;
}
const recipe: fc.Arbitrary<Recipe> = fc.record({
  instances: fc.array(instance, { minLength: 1, maxLength: 8 }),
  spaces: fc.array(space, { minLength: 8, maxLength: 8 }),
  indent: fc.nat(2),
});

function write({ instances, spaces: [a, b, c, d, e, f, g, h], indent }: Recipe): string {
  const once = instances.map((it) => JSON.stringify(it, null, indent)).join(`${e},${f}`);
  const times = Math.ceil((2.2 * SLICE_BYTES) / (Buffer.byteLength(once) + 1));
  return `${a}{${b}"instances"${c}:${d}[${Array(times).fill(once).join(`${f},${e}`)}${g}]${h}}${a}`;
}

/** One small change of a text: at an edge, about a slice's boundary, or anywhere. */
const damage = fc.record({
  where: fc.constantFrom('start', 'end', 'boundary', 'anywhere'),
  offset: fc.nat(60),
  anywhere: fc.integer({ min: 0, max: 2 * SLICE_BYTES }),
  insert: fc.constantFrom('', ...'{}[],:"\\x1 \f\v\u00a0\ufeff', '],"instances":[', ']}', '},', ',{'),
  remove: fc.nat(2),
});

function mutate(
  text: string,
  { where, offset, anywhere, insert, remove }: typeof damage extends fc.Arbitrary<infer T> ? T : never,
): string {
  const places = {
    start: offset,
    end: text.length - 1 - offset,
    boundary: Math.max(0, text.indexOf('}', SLICE_BYTES) - 30 + offset),
    anywhere,
  };
  const at = places[where];
  return text.slice(0, at) + insert + text.slice(at + remove);
}

const LARGE = JSON.stringify({ pad: 'x'.repeat(SLICE_BYTES) });
const FLAT = Array(6_000).fill('{"feature_1":0.5,"feature_2":1.2,"feature_3":-0.3,"feature_4":75.5}').join(',');

describe('instanceSlices', () => {
  it('gives the instances of any large body', () => {
    fc.assert(
      fc.property(recipe, (how) => {
        const text = write(how);
        expect(joined(text)).toEqual((JSON.parse(text) as { instances: unknown }).instances);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });

  it('never accepts what JSON.parse refuses, nor reads anything else into it', () => {
    fc.assert(
      fc.property(recipe, damage, (how, what) => {
        // A mutation may cut a surrogate pair, which bytes cannot hold.
        const text = Buffer.from(mutate(write(how), what)).toString();
        const slices = joined(text);
        const whole = parsed(text) as Record<string, unknown> | undefined;
        if (slices === undefined) return;
        expect(whole).toBeDefined();
        expect(Object.keys(whole!)).toEqual(['instances']);
        expect(slices).toEqual(whole!.instances);
      }),
      { numRuns: 250, endOnFailure: true },
    );
  }, 60_000);

  it('gives a large body in several slices of about 32 KiB', () => {
    const slices = [...instanceSlices(bodyOf(Buffer.from(`{"instances":[${FLAT}]}`)))];
    const sizes = slices.map((slice) => JSON.stringify(slice).length);
    expect(slices.flat()).toHaveLength(6_000);
    expect(slices).toHaveLength(Math.ceil(FLAT.length / SLICE_BYTES));
    for (const size of sizes) expect(size).toBeLessThan(SLICE_BYTES + 100);
  });

  it('gives one slice where no boundary is found', () => {
    const numbers = Array(100_000).fill('1').join(',');
    expect([...instanceSlices(bodyOf(Buffer.from(`{"instances":[${numbers}]}`)))]).toEqual([Array(100_000).fill(1)]);
  });

  it.each([
    ['a trailing comma', `{"instances":[${LARGE},{},]}`],
    ['a trailing comma behind the first slice', `{"instances":[${LARGE},]}`],
    ['a leading comma', `{"instances":[,${LARGE},{}]}`],
    ['an empty element', `{"instances":[${LARGE},1,,2]}`],
    ['an empty element behind the first slice', `{"instances":[${LARGE},,{}]}`],
    ['a missing comma', `{"instances":[${LARGE} {}]}`],
    ['data behind the end', `{"instances":[${LARGE},{}]}{}`],
    ['a comma behind the array', `{"instances":[${LARGE},{}],}`],
    ['a second closing bracket', `{"instances":[${LARGE},{}]]}`],
    ['a second closing brace', `{"instances":[${LARGE},{}]}}`],
    ['an open string', `{"instances":[${LARGE},"]}`],
    ['an open object', `{"instances":[${LARGE},{]}`],
    ['an array closed too early', `{"instances":[${LARGE}],[{}]}`],
    ['a form feed at the start', `\f{"instances":[${LARGE},{}]}`],
    ['a vertical tab before the array', `{"instances":\v[${LARGE},{}]}`],
    ['a form feed behind the first slice', `{"instances":[${LARGE}\f,{}]}`],
    ['a vertical tab before the closing brace', `{"instances":[${LARGE},{}]\v}`],
    ['a form feed at the end', `{"instances":[${LARGE},{}]}\f`],
    ['NaN', `{"instances":[${LARGE},NaN]}`],
  ])('refuses what JSON.parse refuses: %s', (_, text) => {
    expect(parsed(text)).toBeUndefined();
    expect(joined(text)).toBeUndefined();
  });

  it.each([
    ['no instances', '{"instances":[]}'],
    ['instances twice', `{"instances":[${LARGE}],"instances":[{}]}`],
    ['another field behind', `{"instances":[${LARGE},{}],"other":[{}]}`],
    ['another field before', `{"other":[{}],"instances":[${LARGE},{}]}`],
    ['an array', `[${LARGE},{}]`],
    ['an escape in the key', `{"\\u0069nstances":[${LARGE},{}]}`],
    ['much white space', `{"instances":${' '.repeat(300)}[${LARGE},{}]}`],
  ])('leaves another valid form to be parsed whole: %s', (_, text) => {
    expect(parsed(text)).toBeDefined();
    expect(joined(text)).toBeUndefined();
  });

  it('slices only what is larger than two slices', () => {
    expect(isSliceable(bodyOf(Buffer.alloc(2 * SLICE_BYTES)))).toBe(false);
    expect(isSliceable(bodyOf(Buffer.alloc(2 * SLICE_BYTES + 1)))).toBe(true);
  });
});
