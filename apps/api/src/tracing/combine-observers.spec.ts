import { UNOBSERVED } from '#runtime';
import { combineObservers } from './combine-observers.js';

const MODEL = { name: 'm', version: '1' };

it('tells all observers of what each of them listens to', () => {
  const notified: unknown[] = [];
  const listener = (who: string) => ({
    ...UNOBSERVED,
    ran: (...args: unknown[]) => void notified.push([who, 'ran', ...args]),
    pending: (...args: unknown[]) => void notified.push([who, 'pending', ...args]),
  });
  const counting = {
    ...UNOBSERVED,
    validated: (...args: unknown[]) => void notified.push(['c', 'validated', ...args]),
  };
  const keeping = { ...UNOBSERVED, scored: (...args: unknown[]) => void notified.push(['k', 'scored', ...args]) };
  const all = combineObservers(listener('a'), undefined, counting, keeping, listener('b'))!;
  all.ran(MODEL, 1, 2, 3, ['mark']);
  all.pending(-1);
  all.validated(4);
  all.scored!(MODEL, { rows: 1 } as never);
  expect(notified).toEqual([
    ['a', 'ran', MODEL, 1, 2, 3, ['mark']],
    ['b', 'ran', MODEL, 1, 2, 3, ['mark']],
    ['a', 'pending', -1],
    ['b', 'pending', -1],
    ['c', 'validated', 4],
    ['k', 'scored', MODEL, { rows: 1 }],
  ]);
  expect('scored' in combineObservers(counting, listener('a'))!).toBe(false);
  expect(combineObservers(undefined, counting)).toBe(counting);
});
