import { ChunkLane } from './chunk-lane.js';

describe('ChunkLane', () => {
  it('runs one task at a time, in order of arrival', async () => {
    const lane = new ChunkLane();
    const seen: string[] = [];
    const task = (name: string) => async () => {
      seen.push(`${name} begins`);
      await new Promise(setImmediate);
      seen.push(`${name} ends`);
      return name;
    };
    expect(await Promise.all(['a', 'b', 'c'].map((name) => lane.run(task(name))))).toEqual(['a', 'b', 'c']);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('goes on after a task that fails', async () => {
    const lane = new ChunkLane();
    const failing = lane.run(() => Promise.reject(new Error('This one')));
    const next = lane.run(() => Promise.resolve(7));
    await expect(failing).rejects.toThrow('This one');
    expect(await next).toBe(7);
  });
});
