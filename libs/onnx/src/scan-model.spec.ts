import fc from 'fast-check';
import { scanModel } from './scan-model.js';

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

/** The varint of Protocol Buffers: seven bits per byte, 64 bits in two's complement. */
function varint(x: number | bigint): number[] {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, BigInt(x)); ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 127n) | 128);
  }
}

const tag = (field: number, wire: number): number[] => varint((field << 3) | wire);
const content = (field: number, bytes: readonly number[]): number[] => [
  ...tag(field, BYTES),
  ...varint(bytes.length),
  ...bytes,
];
const text = (field: number, value: string): number[] => content(field, [...Buffer.from(value)]);
const float = (x: number): number[] => [...new Uint8Array(Float32Array.of(x).buffer)];

/** A model of one node with one attribute. */
const modelOf = (attribute: readonly number[]): Uint8Array =>
  Buffer.from(content(7, content(1, [...text(4, 'TreeEnsemble'), ...content(5, [...text(1, 'a'), ...attribute])])));

const numbersIn = (attribute: readonly number[]): number[] => [
  ...scanModel(modelOf(attribute)).nodes[0].attributes.get('a')!.numbers.view,
];

const whole = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 2 ** 22 }),
  fc.maxSafeInteger(),
  fc.constantFrom(0, 127, 128, 16_383, 16_384, 2 ** 21 - 1, 2 ** 21, -1, 2 ** 53 - 1),
);

describe('A list of numbers', () => {
  it('of whole ones is read the same, packed or each behind its tag, or both', () => {
    fc.assert(
      fc.property(fc.array(whole), fc.array(whole), (some, others) => {
        const single = some.flatMap((x) => [...tag(8, VARINT), ...varint(x)]);
        const packed = content(8, others.flatMap(varint));
        expect(numbersIn([...single, ...packed])).toEqual([...some, ...others]);
        expect(numbersIn([...packed, ...single])).toEqual([...others, ...some]);
      }),
    );
  });

  it('of float32 is read the same, packed or each behind its tag, or both', () => {
    const floats = fc.array(fc.float({ noNaN: true }));
    fc.assert(
      fc.property(floats, floats, (some, others) => {
        const single = some.flatMap((x) => [...tag(7, FIXED32), ...float(x)]);
        const packed = content(7, others.flatMap(float));
        expect(numbersIn([...single, ...packed])).toEqual([...some, ...others]);
      }),
    );
  });

  // Bytes are read 64 KiB at a time: elements of all lengths stand across these edges.
  it('is read the same where it is long', () => {
    const wholes = Array.from({ length: 30_000 }, (_, i) => (i * 2_654_435) % 2 ** (7 * (1 + (i % 4))));
    const floats = Float32Array.from(wholes, (x) => x / 3);
    expect(numbersIn(content(8, wholes.flatMap(varint)))).toEqual(wholes);
    expect(numbersIn(wholes.flatMap((x) => [...tag(8, VARINT), ...varint(x)]))).toEqual(wholes);
    expect(numbersIn([...floats].flatMap((x) => [...tag(7, FIXED32), ...float(x)]))).toEqual([...floats]);
    const large = [...wholes, 2 ** 40, -1, ...wholes];
    expect(numbersIn(large.flatMap((x) => [...tag(8, VARINT), ...varint(x)]))).toEqual(large);
  });

  it.each([
    ['whole numbers', content(8, [0x80])],
    ['whole numbers of their own', [...tag(8, VARINT), 0x80]],
    ['float32', [...tag(7, FIXED32), 1, 2]],
  ])('that is cut off is refused: %s', (_, attribute) => {
    expect(() => numbersIn(attribute)).toThrow();
  });
});

it('gives texts that are the same once, whatever stands between', () => {
  const [leaf, branch] = ['LEAF', 'BRANCH_LEQ'];
  const bytes = [leaf, leaf, branch, leaf, branch].flatMap((value) => text(9, value));
  const { texts, textPlaces } = scanModel(modelOf([...bytes, ...text(9, leaf)])).nodes[0].attributes.get('a')!;
  expect(texts.map((one) => Buffer.from(one).toString())).toEqual([leaf, branch]);
  expect([...textPlaces.view]).toEqual([0, 0, 1, 0, 1, 0]);
});

it('gives texts the same where there are many', () => {
  const given = Array.from({ length: 20_000 }, (_, i) =>
    i % 3 === 0 ? 'LEAF' : i % 1_000 === 1 ? `${i}` : 'BRANCH_LEQ',
  );
  const { texts, textPlaces } = scanModel(modelOf(given.flatMap((value) => text(9, value)))).nodes[0].attributes.get(
    'a',
  )!;
  expect(Array.from(textPlaces.view, (place) => Buffer.from(texts[place]).toString())).toEqual(given);
});

it('gives texts of any number and length', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string({ maxLength: 2 }), fc.string({ maxLength: 300 }))), (given) => {
      const model = modelOf(given.flatMap((value) => text(9, value)));
      const { texts, textPlaces } = scanModel(model).nodes[0].attributes.get('a')!;
      expect(Array.from(textPlaces.view, (place) => Buffer.from(texts[place]).toString())).toEqual(
        given.map((value) => Buffer.from(value).toString()),
      );
    }),
  );
});
