import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InputError } from '#kit';
import { temporaryFolder } from '#testing';
import { FileQueue, LEASE_MILLISECONDS } from './file-queue.js';
import type { Trigger } from './job-queue.js';

const trigger: Trigger = { kind: 'hand', reason: 'a test' };
const dead = { pid: 2 ** 22 + 1, host: hostname(), started: '1' };
const result = { outcome: 'passed', version: '2', reasons: [] };

describe('FileQueue', () => {
  const root = temporaryFolder();
  let folder: string;
  let time = 0;
  let queue: FileQueue;
  beforeEach(() => {
    folder = mkdtempSync(join(root, 'jobs-'));
    time = Date.parse('2026-01-02T03:04:05Z');
    queue = new FileQueue(folder, () => time);
  });
  /** Simulates the death of the process that holds the jobs. */
  const kill = (): void => {
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.json'))) {
      const job = JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;
      writeFileSync(join(folder, name), JSON.stringify({ ...job, owner: dead }));
    }
  };

  it('says what stands in the place of its folder', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    for (const place of [file, join(file, 'jobs')]) {
      await expect(new FileQueue(place).take()).rejects.toThrow(
        new InputError(`${place} is not a folder; renewal.jobs (RENEWAL_JOBS) must name one.`),
      );
    }
  });

  it('has one job of a model at a time', async () => {
    const { job, isNew } = await queue.add('a', trigger);
    expect([isNew, job.state, job.queued]).toEqual([true, 'queued', '2026-01-02T03:04:05.000Z']);
    expect(await queue.add('a', { kind: 'drift', reason: 'again' })).toEqual({ job, isNew: false });
    const taken = (await queue.take())!;
    expect((await queue.add('a', trigger)).job.id).toBe(job.id);
    time += 1_000;
    expect(await taken.end({ result })).toBe(true);
    expect(await queue.jobs('a')).toMatchObject([{ state: 'done', result, ended: '2026-01-02T03:04:06.000Z' }]);
    expect((await queue.add('a', trigger)).isNew).toBe(true);
  });

  it('gives a job to one worker, the oldest first', async () => {
    await queue.add('a', trigger);
    time++;
    await queue.add('b', trigger);
    const takers = Array.from({ length: 5 }, () => new FileQueue(folder, () => time).take());
    const taken = (await Promise.all(takers)).flatMap((one) => (one ? [one.job.model] : []));
    expect(taken.sort()).toEqual(['a', 'b']);
  });

  it('retries the job of a silent worker once, and then fails it', async () => {
    await queue.add('a', trigger);
    const first = (await queue.take())!;
    time += LEASE_MILLISECONDS - 1;
    expect(await queue.take()).toBeUndefined();
    expect(await first.heartbeat()).toBe(true);
    time += LEASE_MILLISECONDS - 1;
    expect(await queue.take()).toBeUndefined();
    time += 1;
    const second = (await queue.take())!;
    expect(second.job).toMatchObject({ id: first.job.id, attempt: 2 });
    expect([await first.heartbeat(), await first.end({ result })]).toEqual([false, false]);
    kill();
    expect(await queue.take()).toBeUndefined();
    expect(await queue.jobs()).toMatchObject([{ state: 'failed', failure: 'Its worker died, twice' }]);
    expect(await second.end({ result })).toBe(false);
  });

  it('detects at once that a process of this machine has died', async () => {
    await queue.add('a', trigger);
    await queue.take();
    kill();
    expect((await queue.take())?.job.attempt).toBe(2);
  });

  it('takes a job from its worker when it is cancelled', async () => {
    await queue.add('a', trigger);
    const taken = (await queue.take())!;
    expect([await queue.cancel('a'), await queue.cancel('a')]).toEqual([true, false]);
    expect([await taken.heartbeat(), await taken.end({ result })]).toEqual([false, false]);
    expect(await queue.jobs()).toMatchObject([{ state: 'cancelled' }]);
  });
});
