import { atOnce, eachSlice, inSteps, type Steps } from './steps.js';

function* counted(count: number): Steps<string> {
  for (let i = 0; i < count; i++) yield;
  return 'done';
}

describe('Work in steps', () => {
  it('ends with its result, at once or in turns', async () => {
    expect(atOnce(counted(3))).toBe('done');
    expect(await inSteps(counted(3))).toBe('done');
  });

  it('lets others have a turn after each step', async () => {
    let others = 0;
    const other = setInterval(() => others++, 0);
    let turns = 0;
    const count = (): void => {
      turns++;
      if (running) setImmediate(count);
    };
    let running = true;
    setImmediate(count);
    await inSteps(counted(50));
    running = false;
    clearInterval(other);
    expect(turns).toBeGreaterThanOrEqual(50);
  });

  it.each([0, 1, 8_192, 8_193, 20_000])('goes over %d values once, at most 8,192 in a step', (count) => {
    const seen: number[] = [];
    const steps = eachSlice(count, (from, to) => {
      expect(to - from).toBeLessThanOrEqual(8_192);
      for (let i = from; i < to; i++) seen.push(i);
    });
    let pauses = 0;
    while (!steps.next().done) pauses++;
    expect(seen).toEqual(Array.from({ length: count }, (_, i) => i));
    expect(pauses).toBe(Math.max(0, Math.ceil(count / 8_192) - 1));
  });

  it('fails where the work does', async () => {
    const failing = () =>
      eachSlice(10_000, (from) => {
        if (from > 0) throw new Error('second step');
      });
    expect(() => atOnce(failing())).toThrow('second step');
    await expect(inSteps(failing())).rejects.toThrow('second step');
  });
});
