import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BusyError, InputError, isAlive, type ProcessIdentity, thisProcess, tryLock, writeJson } from '#kit';
import type { Job, JobQueue, TakenJob, Trigger } from './job-queue.js';

/** A worker without a heartbeat for this time has lost its job; the death of a local process is detected at once. */
export const LEASE_MILLISECONDS = 60_000;
/** A job is retried once after its worker died. */
const ATTEMPTS = 2;
/** Number of finished jobs that are kept. */
const KEPT = 200;
const LOCK_TIMEOUT_MILLISECONDS = 10_000;
const LOCK_RETRY_MILLISECONDS = 10;

interface JobFile extends Job {
  readonly owner?: ProcessIdentity;
  /** Time of the owner's last heartbeat, in milliseconds since the epoch. */
  readonly heard?: number;
  /** Attempts that ended because their worker was shut down rather than died. */
  readonly givenBack?: number;
}

const isOver = ({ state }: Job): boolean => state !== 'queued' && state !== 'running';

/** Removes the queue's internal fields. */
function toJob(file: JobFile): Job {
  const job = { ...file };
  Reflect.deleteProperty(job, 'owner');
  Reflect.deleteProperty(job, 'heard');
  Reflect.deleteProperty(job, 'givenBack');
  return job;
}

/** A queue in a folder, one file for each job, shared by the processes of one host or volume. */
export class FileQueue implements JobQueue {
  /** @param now milliseconds since the epoch */
  constructor(
    private readonly folder: string,
    private readonly now: () => number = Date.now,
  ) {}

  add(model: string, trigger: Trigger): Promise<{ readonly job: Job; readonly isNew: boolean }> {
    return this.locked(async () => {
      const known = (await this.read()).find((job) => job.model === model && !isOver(job));
      if (known) return { job: toJob(known), isNew: false };
      const time = this.now();
      const id = `${time}-${randomUUID().slice(0, 8)}`;
      const job: JobFile = { id, model, trigger, state: 'queued', attempt: 0, queued: new Date(time).toISOString() };
      await this.write(job);
      return { job, isNew: true };
    });
  }

  take(): Promise<TakenJob | undefined> {
    return this.locked(async () => {
      for (const job of await this.read()) {
        if (isOver(job) || (job.state === 'running' && this.isHeld(job))) continue;
        if (job.attempt - (job.givenBack ?? 0) >= ATTEMPTS) {
          await this.write(this.ended(job, { failure: 'Its worker died, twice' }));
          continue;
        }
        const time = this.now();
        const taken: JobFile = {
          ...job,
          state: 'running',
          attempt: job.attempt + 1,
          started: new Date(time).toISOString(),
          owner: thisProcess(),
          heard: time,
        };
        await this.write(taken);
        return this.held(taken);
      }
      return undefined;
    });
  }

  cancel(model: string): Promise<boolean> {
    return this.locked(async () => {
      const job = (await this.read()).find((one) => one.model === model && !isOver(one));
      if (!job) return false;
      await this.write({ ...this.ended(job, {}), state: 'cancelled' });
      return true;
    });
  }

  async jobs(model?: string): Promise<Job[]> {
    return (await this.read()).filter((job) => model === undefined || job.model === model).map(toJob);
  }

  private held(taken: JobFile): TakenJob {
    const ifStillOwn = (change: (job: JobFile) => JobFile): Promise<boolean> =>
      this.locked(async () => {
        const job = (await this.read()).find(({ id }) => id === taken.id);
        if (job?.state !== 'running' || job.attempt !== taken.attempt) return false;
        await this.write(change(job));
        return true;
      });
    return {
      job: toJob(taken),
      heartbeat: (log) => ifStillOwn((job) => ({ ...job, heard: this.now(), ...(log && { log }) })),
      giveBack: () =>
        ifStillOwn(({ givenBack = 0, ...job }) => ({ ...toJob(job), state: 'queued', givenBack: givenBack + 1 })),
      end: (result) => ifStillOwn((job) => this.ended(job, result)),
    };
  }

  private isHeld({ owner, heard = 0 }: JobFile): boolean {
    return owner !== undefined && isAlive(owner) && this.now() - heard < LEASE_MILLISECONDS;
  }

  private ended(job: JobFile, result: Pick<Job, 'result' | 'failure'>): JobFile {
    const state = result.failure === undefined ? 'done' : 'failed';
    return { ...toJob(job), ...result, state, ended: new Date(this.now()).toISOString() };
  }

  /** Oldest first. Files of other names are ignored. */
  private async read(): Promise<JobFile[]> {
    const names = await readdir(this.folder).catch(() => []);
    const files = names.filter((name) => /^\d+-\w{8}\.json$/.test(name)).sort();
    const texts = await Promise.all(files.map((name) => readFile(join(this.folder, name), 'utf8').catch(() => '')));
    return texts.flatMap((text) => (text === '' ? [] : [JSON.parse(text) as JobFile]));
  }

  private async write(job: JobFile): Promise<void> {
    await writeJson(join(this.folder, `${job.id}.json`), job);
    if (!isOver(job)) return;
    const over = (await this.read()).filter(isOver);
    for (const { id } of over.slice(0, -KEPT)) await rm(join(this.folder, `${id}.json`), { force: true });
  }

  /** Runs `work` while it holds the lock of the queue. */
  private async locked<T>(work: () => Promise<T>): Promise<T> {
    await mkdir(this.folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' || error.code === 'ENOTDIR'
        ? new InputError(`${this.folder} is not a folder; renewal.jobs (RENEWAL_JOBS) must name one.`)
        : error;
    });
    const end = Date.now() + LOCK_TIMEOUT_MILLISECONDS;
    for (;;) {
      const release = tryLock(this.folder, 'queue');
      if (release) return work().finally(release);
      if (Date.now() > end) throw new BusyError(`Another process holds the lock of ${this.folder}; try again.`);
      await sleep(LOCK_RETRY_MILLISECONDS);
    }
  }
}
