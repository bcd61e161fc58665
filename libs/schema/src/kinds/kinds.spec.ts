import { COLUMN_TYPES, kindOf } from './index.js';
import { keepsLimits } from './kind.js';

const float = kindOf({ type: 'float' });
const integer = kindOf({ type: 'integer' });
const X = { name: 'x', nullable: false };

describe('Kinds of columns', () => {
  it('are found by the type of a column', () => {
    expect(COLUMN_TYPES).toEqual(['float', 'integer']);
    expect(
      [float, integer].map(({ isWhole, datatype, sqlType, misfit }) => [isWhole, datatype, sqlType, misfit]),
    ).toEqual([
      [false, 'FP64', 'DOUBLE', 'not a number'],
      [true, 'INT64', 'DOUBLE', 'not a whole number'],
    ]);
  });

  it.each([
    [{}, 'a finite number', 'a whole number'],
    [{ minimum: 0 }, 'a finite number of at least 0', 'a whole number of at least 0'],
    [{ maximum: -1 }, 'a finite number of at most -1', 'a whole number of at most -1'],
    [{ minimum: 0, maximum: 100 }, 'a finite number from 0 to 100', 'a whole number from 0 to 100'],
    [{ nullable: true }, 'a finite number, or null', 'a whole number, or null'],
    [
      { minimum: 0, maximum: 0.5, nullable: true },
      'a finite number from 0 to 0.5, or null',
      'a whole number from 0 to 0.5, or null',
    ],
  ])('say what a value must be: %j', (rules, ofFloat, ofInteger) => {
    expect([float, integer].map((kind) => kind.expectation({ ...X, ...rules }))).toEqual([ofFloat, ofInteger]);
  });

  it('know which number is a value', () => {
    const numbers = [0, -0, 1, 1.5, 100, 100.5, -1, NaN, Infinity, 1e300];
    const kept = (limits: Parameters<typeof keepsLimits>[0]): number[] =>
      numbers.filter((value) => keepsLimits(limits, value));
    expect(kept(float.limits(X))).toEqual([0, -0, 1, 1.5, 100, 100.5, -1, 1e300]);
    expect(kept(float.limits({ ...X, minimum: 0, maximum: 100 }))).toEqual([0, -0, 1, 1.5, 100]);
    expect(kept(integer.limits({ ...X, maximum: 100 }))).toEqual([0, -0, 1, 100, -1]);
    expect(kept(integer.limits({ ...X, nullable: true }))).toEqual([0, -0, 1, 100, -1, 1e300]);
  });

  it('say in SQL which cell is no value', () => {
    const cell = { value: 'x0', raw: 'raw0' };
    expect(float.sqlMisfit(cell)).toBe('raw0 IS NOT NULL');
    expect(integer.sqlMisfit(cell)).toBe('raw0 IS NOT NULL OR (isfinite(x0) AND x0 <> floor(x0))');
    expect(float.sqlOutside(X, 'x0')).toEqual([]);
    expect(float.sqlOutside({ ...X, minimum: 0.1, maximum: 9 }, 'x0')).toEqual([
      "x0 < '0.1'::DOUBLE",
      "x0 > '9'::DOUBLE",
    ]);
  });

  it.each([
    [{ minimum: 1, maximum: 9 }, [1, 5.5, 9], [1, 6, 9]],
    [{}, [-3, 0.375, 3], [-3, 0, 3]],
    [{ minimum: 10 }, [10, 13.375, 16], [10, 13, 16]],
  ])('have values in their range: %j', (range, floats, integers) => {
    const at = (kind: typeof float): number[] => [0, 0.5625, 1].map((share) => kind.valueAt({ ...X, ...range }, share));
    expect([at(float), at(integer)]).toEqual([floats, integers]);
  });

  it('tell rules that contradict each other', () => {
    expect(float.flaw({ ...X, minimum: 2, maximum: 1 })).toBe('the minimum of "x" is above its maximum');
    expect(float.flaw({ ...X, minimum: 1, maximum: 1 })).toBeUndefined();
  });
});
