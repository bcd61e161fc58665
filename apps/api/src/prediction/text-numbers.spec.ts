import fc from 'fast-check';
import { type CellValue, kindOf, type RawColumn } from '#schema';
import { TextNumbers } from './text-numbers.js';

const VALUES = ['', 'a', 'ä', '__proto__', 'x'.repeat(63), 'x'.repeat(64), 'x'.repeat(100), '\u{1F600}'];
const COLUMN: RawColumn = {
  name: 'x',
  type: 'category',
  codes: 'text',
  values: VALUES,
  unknown: 'other',
  nullable: false,
};

describe('TextNumbers', () => {
  it('reads each text as its reader does, again and again, and leaves to others what has escapes or no end', () => {
    const reader = kindOf(COLUMN).reader(COLUMN);
    const texts = new TextNumbers(reader);
    const value = fc.oneof(fc.constantFrom(...VALUES), fc.string({ unit: 'binary', maxLength: 70 }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), (cells) => {
        for (const cell of [...cells, ...cells]) {
          const json = JSON.stringify(cell);
          const bytes = Buffer.from(`,${json},`);
          const after = texts.scan(bytes, 1);
          if (json.includes('\\')) expect(after).toBe(-1);
          else if (!cell.includes('\ufffd'))
            expect([after, texts.value]).toEqual([bytes.length - 1, reader.fromJson(cell satisfies CellValue)]);
        }
      }),
    );
    expect(texts.scan(Buffer.from('"a'), 0)).toBe(-1);
    expect(texts.scan(Buffer.from([0x22, 0xff, 0x22]), 0)).toBe(-1);
  });
});
