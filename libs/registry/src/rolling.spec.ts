import { RandomStream } from '#kit';
import { placeOf } from './rolling.js';

const KEYS = 100_000;

describe('placeOf', () => {
  const random = new RandomStream(19, 5);
  const word = (): string =>
    Math.floor(random.uniform() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const id = (): string => `${word()}-${word()}-${word()}-${word()}`;

  it.each([
    ['random ids', id],
    ['numbers that count up', (n: number) => String(n)],
    ['numbers behind a long name', (n: number) => `customer/europe/${n}@example.com`],
    ['letters of all kinds', (n: number) => `Ωмеga ${n} 日本`],
  ])('gives 5.0 +- 0.2 %% of callers that are %s the challenger, in each of ten rollouts', (kind, keyOf) => {
    const keys = Array.from({ length: KEYS }, (_, n) => keyOf(n));
    for (let rollout = 0; rollout < 10; rollout++) {
      const of = id();
      const share = keys.filter((key) => placeOf(of, key) < 0.05).length / KEYS;
      process.stdout.write(`${JSON.stringify({ check: 'split at 5 %', kind, keys: KEYS, share })}\n`);
      expect(Math.abs(share - 0.05)).toBeLessThanOrEqual(0.002);
    }
  });

  it('gives none at 0 and all at 1, and the same place always', () => {
    const places = Array.from({ length: 10_000 }, (_, n) => placeOf('r', String(n)));
    expect(places.every((place) => place >= 0 && place < 1)).toBe(true);
    expect(Array.from(places, (_, n) => placeOf('r', String(n)))).toEqual(places);
  });

  it('chooses other callers in another rollout', () => {
    const chosen = (id: string): number[] =>
      Array.from({ length: 10_000 }, (_, n) => n).filter((n) => placeOf(id, `${n}`) < 0.1);
    const first = new Set(chosen('first'));
    const both = chosen('second').filter((n) => first.has(n)).length;
    expect(both).toBeGreaterThan(50);
    expect(both).toBeLessThan(160);
  });
});
