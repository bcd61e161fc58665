import { until } from './until.js';
import { within } from './within.js';

describe('until', () => {
  it('returns the first thing that a look finds', async () => {
    let looks = 0;
    expect(await until(() => (++looks < 4 ? undefined : `look ${looks}`))).toBe('look 4');
  });

  it('gives up, and tells what it waited for and what it saw last', async () => {
    const rows: string[] = [];
    const waiting = until(() => rows.length > 3 && rows, { seconds: 0.05 });
    await expect(waiting).rejects.toThrow(
      /^Waited 0\.05 s in vain for .*rows\.length > 3 && rows\nThe last look returned: false$/,
    );
  });

  it('gives up on a look that never ends, and looks no more once it has given up', async () => {
    await expect(until(() => new Promise(() => undefined), { seconds: 0.05 })).rejects.toThrow(
      'The last look returned: none has ended',
    );
    let looks = 0;
    await expect(until(() => ++looks < 0, { seconds: 0.05 })).rejects.toThrow('Waited 0.05 s in vain');
    const before = looks;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(looks).toBeLessThanOrEqual(before + 1);
  });

  it('fails at once when a look fails', async () => {
    await expect(until(() => Promise.reject(new Error('no such server')))).rejects.toThrow('no such server');
  });
});

describe('within', () => {
  it('returns what comes in time, and refuses what does not', async () => {
    expect(await within(Promise.resolve(7), () => 'a number')).toBe(7);
    await expect(within(new Promise(() => undefined), () => 'a reply', 0.01)).rejects.toThrow(
      'Waited 0.01 s in vain for a reply',
    );
    await expect(within(Promise.reject(new Error('refused')), () => 'a reply')).rejects.toThrow('refused');
  });
});
