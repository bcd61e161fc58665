import { SerialQueue } from './serial-queue.js';

describe('SerialQueue', () => {
  it('runs one task at a time, in order of arrival', async () => {
    const queue = new SerialQueue();
    const seen: string[] = [];
    const task = (name: string) => async () => {
      seen.push(`${name} begins`);
      await new Promise(setImmediate);
      seen.push(`${name} ends`);
      return name;
    };
    expect(await Promise.all(['a', 'b', 'c'].map((name) => queue.run(task(name))))).toEqual(['a', 'b', 'c']);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('goes on after a task that fails', async () => {
    const queue = new SerialQueue();
    const failing = queue.run(() => Promise.reject(new Error('This one')));
    const next = queue.run(() => Promise.resolve(7));
    await expect(failing).rejects.toThrow('This one');
    expect(await next).toBe(7);
  });
});
