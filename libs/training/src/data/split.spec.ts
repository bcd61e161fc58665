import type { Task } from '#bundle';
import fc from 'fast-check';
import { InputError } from '#kit';
import type { RawColumn } from '#schema';
import { Database } from '#tables';
import type { SplitOptions } from '../model-file/model-file.js';
import { splitRows } from './split.js';

interface Row {
  readonly target: string | number;
  /** Text of the column to split by. */
  readonly side?: string | null;
  /** Separates otherwise equal rows. */
  readonly content: string;
}

const SIDE: RawColumn = { name: 'side', type: 'text', nullable: true };

/** Which rows are in the test part, by the statements that `preprocess` runs after cleaning. */
function split(
  rows: readonly Row[],
  options: Partial<SplitOptions>,
  { task = 'binary', seed = 1, column = SIDE }: { task?: Task; seed?: number; column?: RawColumn } = {},
): Promise<boolean[]> {
  return Database.use(200, undefined, async (database) => {
    const seen = new Map<string, number>();
    await database.insert(
      'clean',
      [
        'row DOUBLE',
        `target ${task === 'regression' ? 'DOUBLE' : 'VARCHAR'}`,
        'content VARCHAR',
        'nth VARCHAR',
        'k0 VARCHAR',
      ],
      rows.map(({ target, content, side = null }, row) => {
        const nth = (seen.get(content) ?? 0) + 1;
        seen.set(content, nth);
        return [row, target, content, String(nth), side];
      }),
    );
    await database.query('CREATE TABLE classes AS SELECT list(DISTINCT target ORDER BY target) AS labels FROM clean');
    await splitRows(database, {
      split: { by: 'hash', test: 0.3, ...options },
      task,
      seed,
      columns: ['side'],
      side: { column, text: 'k0' },
      decimal: '.',
    });
    const parts = await database.query<{ is_test: boolean }>('SELECT is_test FROM parts ORDER BY row');
    return parts.map(({ is_test }) => is_test);
  });
}

const share = (sides: readonly boolean[]): number => sides.filter(Boolean).length / sides.length;
const labelled = (count: number, classes: number): Row[] =>
  Array.from({ length: count }, (_, i) => ({ target: `c${i % classes}`, content: `row ${i}` }));
const FEW = { numRuns: 8 };

describe('a split by hash', () => {
  it('leaves a row on its side, whatever rows come, go or move', () =>
    fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 0, max: 60 }), async (seed, gone) => {
        const rows = labelled(120, 2);
        const first = await split(rows, {}, { seed });
        const later = [...labelled(300, 2).slice(120), ...rows.slice(gone)].toReversed();
        const sides = await split(later, {}, { seed });
        const kept = new Map(later.map(({ content }, i) => [content, sides[i]]));
        rows.slice(gone).forEach(({ content }, i) => expect(kept.get(content)).toBe(first[gone + i]));
      }),
      FEW,
    ));

  it('takes about the share that is asked for, other rows for another seed', async () => {
    const rows = labelled(3_000, 2);
    const [one, other] = [await split(rows, {}), await split(rows, {}, { seed: 2 })];
    // Four standard deviations of a share of 3,000 rows.
    expect(Math.abs(share(one) - 0.3)).toBeLessThan(0.034);
    expect(one).not.toEqual(other);
  });

  it('spreads rows that are alike over both sides', async () => {
    const sides = await split(
      Array.from({ length: 200 }, (_, i) => ({ target: `c${i % 2}`, content: 'same' })),
      {},
    );
    expect(new Set(sides)).toEqual(new Set([true, false]));
  });

  it('keeps a class for training that it would leave no row', async () => {
    for (let seed = 0; seed < 8; seed++) {
      const sides = await split([...labelled(40, 1), { target: 'rare', content: 'the only one' }], {}, { seed });
      expect(sides[40]).toBe(false);
    }
  });
});

describe('a split by chance', () => {
  it('takes the same share of every class, to the row', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 20, max: 60 }), async (classes, each) => {
        const rows = labelled(classes * each, classes);
        const sides = await split(rows, { by: 'random' });
        for (let k = 0; k < classes; k++) {
          const own = sides.filter((_, i) => rows[i].target === `c${k}`);
          expect(own.filter(Boolean)).toHaveLength(Math.round(0.3 * each));
        }
        expect(await split(rows, { by: 'random' })).toEqual(sides);
      }),
      FEW,
    ));

  it('takes the same share of every tenth of the numbers of a regression', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => ({ target: i * i, content: `row ${i}` }));
    const sides = await split(rows, { by: 'random' }, { task: 'regression' });
    for (let tenth = 0; tenth < 10; tenth++)
      expect(sides.slice(tenth * 40, tenth * 40 + 40).filter(Boolean).length).toBe(12);
  });
});

describe('a split by groups', () => {
  it('never has a group on both sides, and the same side for it whatever other groups there are', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('', '__proto__', ...'abcdefgh'), { minLength: 30 }), async (groups) => {
        const rows = groups.map((side, i) => ({ target: `c${i % 2}`, content: `row ${i}`, side }));
        const sides = await split(rows, { by: 'group', column: 'side' });
        const ofGroup = new Map<string, boolean>();
        groups.forEach((group, i) => {
          expect(sides[i]).toBe(ofGroup.get(group) ?? sides[i]);
          ofGroup.set(group, sides[i]);
        });
        const more = [...rows, ...labelled(20, 2).map((row) => ({ ...row, side: 'another' }))];
        expect((await split(more, { by: 'group', column: 'side' })).slice(0, rows.length)).toEqual(sides);
      }),
      FEW,
    ));

  it('takes a row without a group for one of its own', async () => {
    const sides = await split(labelled(200, 2), { by: 'group', column: 'side' });
    expect(share(sides)).toBeGreaterThan(0.15);
    expect(share(sides)).toBeLessThan(0.45);
  });
});

describe('a split by time', () => {
  const DAY: RawColumn = { name: 'side', type: 'date', nullable: true };
  const onDay = (day: number): string => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);

  it('has no row for training that is of the time of a test row, or later', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.integer({ min: 0, max: 40 }), { freq: 9 }), { minLength: 20 }),
        async (days) => {
          fc.pre(days.some((day) => day !== null));
          const rows = days.map((day, i) => ({
            target: `c${i % 2}`,
            content: `row ${i}`,
            side: day === null ? null : onDay(day),
          }));
          const sides = await split(rows, { by: 'time', column: 'side' }, { column: DAY });
          const known = days.flatMap((day, i) => (day === null ? [] : [[day, sides[i]] as const]));
          const first = Math.min(...known.filter(([, isTest]) => isTest).map(([day]) => day));
          expect(known.filter(([day, isTest]) => !isTest && day >= first)).toEqual([]);
          // Rows without a time count as old.
          expect(sides.filter((isTest, i) => days[i] === null && isTest)).toEqual([]);
          expect(known.filter(([, isTest]) => isTest).length).toBeGreaterThanOrEqual(Math.floor(0.3 * known.length));
        },
      ),
      FEW,
    ));

  it('goes by numbers too, not by their texts', async () => {
    const rows = [9, 10, 100, 2, 1_000].map((side, i) => ({ target: 'c', content: `row ${i}`, side: String(side) }));
    const column: RawColumn = { name: 'side', type: 'integer', nullable: false };
    const sides = await split(rows, { by: 'time', test: 0.2, column: 'side' }, { column });
    expect(sides).toEqual([false, false, true, false, true]);
  });

  it.each<[string, RawColumn, string]>([
    ['texts', SIDE, 'which is of type text; a split by time needs a date, a datetime or a number'],
    ['no value in any row', DAY, 'has no value in any row'],
  ])('is refused by a column of %s', async (_, column, words) => {
    const refused = split(labelled(4, 2), { by: 'time', column: 'side' }, { column });
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(words);
  });
});
