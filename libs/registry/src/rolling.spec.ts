import { randomUUID } from 'node:crypto';
import { placeOf } from './rolling.js';

const KEYS = 100_000;

describe('placeOf', () => {
  it.each([
    ['random ids', () => randomUUID()],
    ['numbers that count up', (n: number) => String(n)],
    ['numbers behind a long name', (n: number) => `customer/europe/${n}@example.com`],
    ['letters of all kinds', (n: number) => `Ωмеga ${n} 日本`],
  ])('gives 5 %% of callers that are %s what it promises', (_, keyOf) => {
    const id = randomUUID();
    let within = 0;
    for (let n = 0; n < KEYS; n++) if (placeOf(id, keyOf(n)) < 0.05) within++;
    process.stdout.write(`${JSON.stringify({ check: 'split at 5 %', keys: KEYS, share: within / KEYS })}\n`);
    // Four standard deviations are 0.28 points.
    expect(Math.abs(within / KEYS - 0.05)).toBeLessThan(0.0028);
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
