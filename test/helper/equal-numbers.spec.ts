const zeros = (): number[] => Array.from({ length: 1_000 }, () => 0);
const TYPES = [Float64Array, Float32Array, Int32Array, Uint8Array];

it('long arrays of the same numbers are equal, of NaN too', () => {
  const some = [...zeros(), NaN, -0, 5];
  expect(some).toEqual([...some]);
  expect({ deep: [some] }).toEqual({ deep: [[...some]] });
  for (const type of TYPES) expect(type.from(some)).toEqual(type.from(some));
});

it.each([
  ['one number', [...zeros(), 1], [...zeros(), 2]],
  ['the sign of a zero', [...zeros(), 0], [...zeros(), -0]],
  ['a text', [...zeros(), 1], [...zeros(), '1']],
  ['the length', zeros(), [...zeros(), 0]],
])('long arrays that differ by %s are not', (_, a, b) => {
  expect(a).not.toEqual(b);
  expect({ deep: [a] }).not.toEqual({ deep: [b] });
});

it.each(TYPES)('long typed arrays that differ by one number, or by their type, are not: %p', (type) => {
  expect(type.from([...zeros(), 1])).not.toEqual(type.from([...zeros(), 2]));
  expect(type.from(zeros())).not.toEqual(zeros());
  for (const other of TYPES) if (other !== type) expect(type.from(zeros())).not.toEqual(other.from(zeros()));
});
