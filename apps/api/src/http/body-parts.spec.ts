import fc from 'fast-check';
import { BodyParts } from './body-parts.js';

const partsOf = (chunks: readonly Uint8Array[]): BodyParts => {
  const parts = new BodyParts();
  for (const chunk of chunks) parts.append(Buffer.from(chunk));
  return parts;
};

/** Sizes around the thresholds. */
const chunk = fc
  .tuple(fc.oneof(fc.nat(8), fc.integer({ min: 4_000, max: 4_200 }), fc.constant(70_000)), fc.nat(255))
  .map(([length, seed]) => Uint8Array.from({ length }, (_, i) => (seed + i * 7) % 251));

describe('BodyParts', () => {
  it('holds what one buffer would', () => {
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 40 }), fc.nat(), fc.nat(), fc.nat(255), (chunks, a, b, byte) => {
        const parts = partsOf(chunks);
        const whole = Buffer.concat(chunks);
        const [from, to] = [a % (whole.length + 1), b % (whole.length + 1)].sort((x, y) => x - y);
        const text = String.fromCharCode(byte % 128);
        expect(parts.length).toBe(whole.length);
        expect(parts.whole().equals(whole)).toBe(true);
        expect(parts.slice(from, to).equals(whole.subarray(from, to))).toBe(true);
        expect(parts.indexOf(text, from)).toBe(whole.indexOf(text, from));
      }),
    );
  });

  it('gives a view of what one part holds', () => {
    const part = Buffer.alloc(5_000, 'x');
    const parts = partsOf([]);
    parts.append(part);
    parts.append(Buffer.from('end'));
    expect(parts.slice(1, 4_000).buffer).toBe(part.buffer);
    expect(parts.slice(4_998, 5_002).toString()).toBe('xxen');
  });

  it('puts single bytes together', () => {
    const parts = partsOf(Array.from({ length: 200_000 }, (_, i) => Uint8Array.of(i % 256)));
    expect(new Set([0, 70_000, 140_000].map((at) => parts.slice(at, at + 1).buffer)).size).toBe(3);
    expect(parts.slice(135_000, 135_001).buffer).toBe(parts.slice(140_000, 140_001).buffer);
  });
});
