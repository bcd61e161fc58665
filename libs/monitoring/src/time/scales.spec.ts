import fc from 'fast-check';
import { DAY, HOUR } from '#kit';
import { closedUpTo, SCALE_NAMES, windowsToClose } from './scales.js';

const START = Date.UTC(2026, 10, 27);

it('an hour is closed two minutes after its end', () => {
  expect(closedUpTo(START + HOUR + 119_999)).toBe(START);
  expect(closedUpTo(START + HOUR + 120_000)).toBe(START + HOUR);
});

it('every window closes once and in order, at whatever times it is called', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -2 * HOUR, max: 3 * DAY }), { maxLength: 12 }), (steps) => {
      let [now, last] = [START, START];
      const closed: string[] = [];
      for (const step of [...steps, 10 * DAY]) {
        now += step;
        closed.push(...windowsToClose(last, now, START).map(({ scale, to }) => `${scale} ${to}`));
        last = Math.max(last, closedUpTo(now));
      }
      const hours = Math.max(0, (last - START) / HOUR);
      const expected = Array.from({ length: hours }, (_, i) => START + (i + 1) * HOUR).flatMap((to) =>
        SCALE_NAMES.filter((scale) => scale === '1h' || to % DAY === 0).map((scale) => `${scale} ${to}`),
      );
      expect(closed).toEqual(expected);
    }),
  );
});

it('no window begins before the reference', () => {
  const windows = windowsToClose(START + 2 * DAY, START + 3 * DAY + 120_000, START);
  expect(windows.filter(({ scale }) => scale !== '1h')).toEqual([
    { scale: '1d', from: START + 2 * DAY, to: START + 3 * DAY },
    { scale: '7d', from: START, to: START + 3 * DAY },
    { scale: '28d', from: START, to: START + 3 * DAY },
  ]);
});
