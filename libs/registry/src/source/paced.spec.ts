import { jest } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { paced } from './paced.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const SECOND = 1_000;

/** Reads a transfer of a given rate and duration to its end. */
async function read(bytesPerSecond: number, seconds: number): Promise<number> {
  const stream = new PassThrough();
  const reading = (async () => {
    let bytes = 0;
    for await (const chunk of paced(stream)) bytes += chunk.length;
    return bytes;
  })();
  reading.catch(() => undefined);
  for (let i = 0; i < seconds && !stream.destroyed; i++) {
    stream.write(Buffer.alloc(bytesPerSecond));
    await jest.advanceTimersByTimeAsync(SECOND);
  }
  stream.end();
  return reading;
}

describe('A transfer', () => {
  it('is passed on while it is fast enough', async () => expect(await read(65_536, 100)).toBe(6_553_600));

  it('may begin slowly', async () => expect(await read(1, 30)).toBe(30));

  it('is broken off when it drips', async () => {
    await expect(read(1, 100)).rejects.toThrow('only 31 bytes came in 31 s');
  });
});
