import fc from 'fast-check';
import { binEdges } from '../data/bin-edges.js';
import { Arena } from './arena.js';
import { CODES } from './feature-bins.js';
import { joinFeatures } from './join-features.js';
import { packBins } from './pack-bins.js';

describe('joinFeatures', () => {
  it('puts the small ones together, as far as their combinations fit', () => {
    const alone = { product: 17, features: [{ feature: 0, before: 1 }] };
    const joined = { product: 72, features: [1, 2, 4, 3].map((feature, i) => ({ feature, before: [1, 2, 4, 8][i] })) };
    expect(joinFeatures([17, 2, 2, 9, 2], 256)).toEqual([joined, alone]);
    expect(joinFeatures([16, 16, 2], 256).map(({ product }) => product)).toEqual([32, 16]);
  });
});

describe('packBins', () => {
  it('keeps every bin of every feature apart, joined or not', () => {
    const value = fc.oneof(fc.constantFrom(-0, 0, 1), fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(
        fc.array(fc.array(value, { minLength: 50, maxLength: 50 }), { minLength: 1, maxLength: 9 }),
        (table) => {
          const columns = table.map((values, f) => Float32Array.from(values, (one) => one % (2 + 3 * f)));
          const edges = binEdges(columns, CODES);
          const { lowest, highest } = edges;
          const bins = packBins(new Arena(), columns, edges);
          const bytes = new Uint8Array(bins.words.buffer, bins.words.byteOffset);
          columns.forEach((column, f) =>
            column.forEach((cell, row) => {
              const code = bytes[4 * bins.rowWords * row + bins.column[f]];
              const bin = Math.floor(code / bins.divisor[f]) % bins.counts[f];
              expect(lowest[f][bin] <= cell && cell <= highest[f][bin]).toBe(true);
            }),
          );
        },
      ),
    );
  });
});
