import { randomId } from './random-id.js';

describe('randomId', () => {
  it('gives version 4 UUIDs, each another one, all of whose free digits vary', () => {
    const ids = Array.from({ length: 2_000 }, randomId);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(ids.length);
    const varieties = Array.from(ids[0], (_, at) => new Set(ids.map((id) => id[at])).size);
    const fixed: Readonly<Record<number, number>> = { 8: 1, 13: 1, 14: 1, 18: 1, 19: 4, 23: 1 };
    expect(varieties).toEqual(varieties.map((_, at) => fixed[at] ?? 16));
  });
});
