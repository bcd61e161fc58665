import { BodyCollector, tooLarge } from './body-collector.js';

const LIMIT = 4_096;

it('BodyCollector holds nothing of a body that it has refused, though its answer is not out yet', () => {
  const held: number[] = [];
  const reported: unknown[] = [];
  const collector = new BodyCollector(
    LIMIT,
    (bytes) => void held.push(bytes),
    (...all) => reported.push(all),
  );
  collector.append(Buffer.alloc(LIMIT));
  collector.append(Buffer.alloc(1));
  collector.append(Buffer.alloc(1));
  collector.end();
  expect(held).toEqual([LIMIT, 0]);
  expect(reported).toEqual([[tooLarge(LIMIT)]]);
});
