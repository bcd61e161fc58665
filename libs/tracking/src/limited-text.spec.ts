import fc from 'fast-check';
import { limitedText } from './limited-text.js';

describe('limitedText', () => {
  it('leaves what fits', () => {
    expect(limitedText('x'.repeat(100), 100)).toBe('x'.repeat(100));
  });

  it('marks what it cut', () => {
    expect(limitedText('x'.repeat(101), 100)).toBe(`${'x'.repeat(79)}… [cut, 101 characters]`.slice(-100));
  });

  it('always gives text that fits, with whole characters and no NUL', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constant('\0\uD83C'));
    fc.assert(
      fc.property(text, fc.integer({ min: 40, max: 120 }), (value, limit) => {
        const kept = limitedText(value, limit);
        expect(kept.length).toBeLessThanOrEqual(limit);
        expect(kept).not.toMatch(/\0|\p{Surrogate}/u);
      }),
    );
  });
});
