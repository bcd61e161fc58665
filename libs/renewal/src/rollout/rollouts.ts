import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readAliases, readRollout, type Rollout, writeAliases, writeRollout } from '#bundle';
import { BusyError, InputError, tryLock, UserError } from '#kit';
import { afterEvent, type RolloutEvent } from './rollout-events.js';
import { appendStep, type Evidence, readSteps, type RolloutRecord } from './rollout-journal.js';

/** Much longer than a step, which takes a few milliseconds. */
const LOCK_TIMEOUT_MILLISECONDS = 10_000;
const LOCK_RETRY_MILLISECONDS = 20;

/** Another process has moved the rollout meanwhile, so the decision is obsolete. */
export class StaleEpochError extends UserError {
  override readonly name = 'StaleEpochError';
}

export interface RolloutStep {
  readonly reason: string;
  /** Epoch of the rollout at the time of the decision; the step is rejected where it has changed. */
  readonly epoch?: number;
  readonly evidence?: readonly Evidence[];
  /** Defaults to now. */
  readonly at?: Date;
}

/** @param why the folder is not shared for writing */
const notShared = (why: string): string =>
  `Rollouts need a models folder that is shared for writing (one host, or a ReadWriteMany volume); ${why}.`;

/** With a remote source of models, no server would see what is written to the folder. */
export const FROM_SOURCE = notShared('these come from models.source (MODELS_SOURCE)');

/**
 * The rollouts of a models folder. One process at a time moves a model's rollout: it appends the step to the journal, syncs it,
 * and then applies it by renaming files. A step that was interrupted in between is completed on the next access (write-ahead log).
 */
export class Rollouts {
  constructor(private readonly directory: string) {}

  /** Reads the rollout, after completing an interrupted step. */
  async read(name: string): Promise<Rollout | undefined> {
    const last = await this.unfinished(name);
    if (last) await this.locked(name, () => this.recover(name));
    return readRollout(this.directory, name);
  }

  /** Every step of the model's last rollout, oldest first. */
  async timeline(name: string): Promise<RolloutRecord[]> {
    const steps = await readSteps(this.directory, name);
    const last = steps.at(-1)?.rollout.file.id;
    return steps.filter(({ rollout }) => rollout.file.id === last);
  }

  /**
   * Performs a step.
   *
   * @throws RolloutInProgressError, RolloutStateError when the event is invalid in the state
   * @throws StaleEpochError when another process was faster
   * @throws InputError when the folder cannot be written
   * @throws BusyError when another process holds the lock for too long
   */
  step(name: string, event: RolloutEvent, { reason, epoch, evidence, at = new Date() }: RolloutStep): Promise<Rollout> {
    return this.locked(name, async () => {
      await this.recover(name);
      const current = await readRollout(this.directory, name);
      if (epoch !== undefined && epoch !== current?.epoch) {
        throw new StaleEpochError(
          `The rollout of ${name} has changed in the meantime (epoch ${current?.epoch ?? 0}, not ${epoch}); check its state and try again.`,
        );
      }
      const file = afterEvent(current, event, { at, reason });
      const aliases = await readAliases(this.directory, name);
      await appendStep(this.directory, name, aliases, { event: event.kind, file, evidence });
      return this.apply(name, file);
    });
  }

  /** The step that is in the journal but not in the files yet. */
  private async unfinished(name: string): Promise<Rollout | undefined> {
    const last = (await readSteps(this.directory, name)).at(-1)?.rollout.file;
    if (!last) return undefined;
    const applied = await readRollout(this.directory, name);
    return last.epoch > (applied?.epoch ?? 0) ? last : undefined;
  }

  private async recover(name: string): Promise<void> {
    const last = await this.unfinished(name);
    if (last) await this.apply(name, last);
  }

  /** Writes `rollout.json` last: while it is older than the journal, the step is repeated. */
  private async apply(name: string, rollout: Rollout): Promise<Rollout> {
    const aliases = await readAliases(this.directory, name);
    const { champion, challenger } = rollout.aliases;
    if (aliases?.champion !== champion || aliases.challenger !== challenger) {
      await writeAliases(this.directory, name, rollout.aliases);
    }
    await writeRollout(this.directory, name, rollout);
    return rollout;
  }

  /** Runs `work` while it holds the lock of the model's rollout. */
  private async locked<T>(name: string, work: () => Promise<T>): Promise<T> {
    const folder = join(this.directory, name, '.rollout');
    // Not recursive: Node would report a read-only file system as ENOENT.
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw this.refusal(name, error);
    });
    const end = Date.now() + LOCK_TIMEOUT_MILLISECONDS;
    for (;;) {
      const release = this.lock(name, folder);
      if (release) return work().finally(release);
      if (Date.now() > end) throw new BusyError(`Another process is changing the rollout of ${name}; try again.`);
      await sleep(LOCK_RETRY_MILLISECONDS);
    }
  }

  private lock(name: string, folder: string): (() => void) | undefined {
    try {
      return tryLock(folder, 'step');
    } catch (error) {
      throw this.refusal(name, error as NodeJS.ErrnoException);
    }
  }

  /** Explains a missing model or a read-only folder; returns other errors unchanged. */
  private refusal(name: string, error: NodeJS.ErrnoException): Error {
    const { code = '' } = error;
    if (code === 'ENOENT') return new InputError(`There is no model ${name} under ${this.directory}.`);
    const isShut = ['EROFS', 'EACCES', 'EPERM', 'ENOTDIR'].includes(code);
    return isShut ? new InputError(notShared(`${join(this.directory, name)} cannot be written (${code})`)) : error;
  }
}
