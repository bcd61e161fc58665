import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readAliases, readRollout, type Rollout, writeAliases, writeRollout } from '#bundle';
import { BusyError, InputError, tryLock, UserError } from '#kit';
import { afterEvent, type RolloutEvent } from './rollout-events.js';
import { appendStep, type Evidence, readSteps, type RolloutRecord } from './rollout-journal.js';

/** A step takes some milliseconds. */
const PATIENCE_MILLISECONDS = 10_000;
const LOOK_MILLISECONDS = 20;

/** Somebody else has moved the rollout meanwhile: what was decided of it does not hold any more. */
export class StaleEpochError extends UserError {
  override readonly name = 'StaleEpochError';
}

export interface RolloutStep {
  readonly reason: string;
  /** Of the rollout as it was known when this was decided: another one is refused. */
  readonly epoch?: number;
  readonly evidence?: readonly Evidence[];
  /** Now if not given. */
  readonly at?: Date;
}

/** @param why it is not so */
const notShared = (why: string): string =>
  `Rollouts need a models folder that is shared for writing (one host, or a ReadWriteMany volume); ${why}.`;

/** Where models come from elsewhere, what is written to the folder reaches nobody. */
export const FROM_SOURCE = notShared('these come from models.source (MODELS_SOURCE)');

/**
 * The rollouts of a models folder. One process at a time moves a model's: it writes the step to the journal, synced, and then
 * makes it by renaming files; what was killed in between is made when somebody looks next.
 */
export class Rollouts {
  constructor(private readonly directory: string) {}

  /** As it is once the last step that was begun is made. */
  async read(name: string): Promise<Rollout | undefined> {
    const last = await this.unfinished(name);
    if (last) await this.alone(name, () => this.recover(name));
    return readRollout(this.directory, name);
  }

  /** Every step of the model's last rollout, oldest first. */
  async timeline(name: string): Promise<RolloutRecord[]> {
    const steps = await readSteps(this.directory, name);
    const last = steps.at(-1)?.rollout.file.id;
    return steps.filter(({ rollout }) => rollout.file.id === last);
  }

  /**
   * Makes a step.
   *
   * @throws RolloutInProgressError, RolloutStateError when it does not go with the state
   * @throws StaleEpochError when somebody else was faster
   * @throws InputError when the folder cannot be written
   * @throws BusyError when somebody else is at it for too long
   */
  step(name: string, event: RolloutEvent, { reason, epoch, evidence, at = new Date() }: RolloutStep): Promise<Rollout> {
    return this.alone(name, async () => {
      await this.recover(name);
      const current = await readRollout(this.directory, name);
      if (epoch !== undefined && epoch !== current?.epoch) {
        throw new StaleEpochError(
          `The rollout of ${name} has been moved meanwhile (epoch ${current?.epoch ?? 0}, not ${epoch}): look again.`,
        );
      }
      const file = afterEvent(current, event, { at, reason });
      const aliases = await readAliases(this.directory, name);
      await appendStep(this.directory, name, aliases, { event: event.kind, file, evidence });
      return this.make(name, file);
    });
  }

  /** The step that the journal has and the files have not. */
  private async unfinished(name: string): Promise<Rollout | undefined> {
    const last = (await readSteps(this.directory, name)).at(-1)?.rollout.file;
    if (!last) return undefined;
    const made = await readRollout(this.directory, name);
    return last.epoch > (made?.epoch ?? 0) ? last : undefined;
  }

  private async recover(name: string): Promise<void> {
    const last = await this.unfinished(name);
    if (last) await this.make(name, last);
  }

  /** `rollout.json` comes last: while it is an older one, the step is to be made again. */
  private async make(name: string, rollout: Rollout): Promise<Rollout> {
    const aliases = await readAliases(this.directory, name);
    const { champion, challenger } = rollout.aliases;
    if (aliases?.champion !== champion || aliases.challenger !== challenger) {
      await writeAliases(this.directory, name, rollout.aliases);
    }
    await writeRollout(this.directory, name, rollout);
    return rollout;
  }

  private async alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    const folder = join(this.directory, name, '.rollout');
    // Not with those above it: Node would call a read-only file system ENOENT.
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw this.refusal(name, error);
    });
    const end = Date.now() + PATIENCE_MILLISECONDS;
    for (;;) {
      const release = this.lock(name, folder);
      if (release) return work().finally(release);
      if (Date.now() > end) throw new BusyError(`Somebody else moves the rollout of ${name}: try again.`);
      await sleep(LOOK_MILLISECONDS);
    }
  }

  private lock(name: string, folder: string): (() => void) | undefined {
    try {
      return tryLock(folder, 'step');
    } catch (error) {
      throw this.refusal(name, error as NodeJS.ErrnoException);
    }
  }

  /** What keeps a step from being made, in a sentence; other failures of the disk as they are. */
  private refusal(name: string, error: NodeJS.ErrnoException): Error {
    const { code = '' } = error;
    if (code === 'ENOENT') return new InputError(`There is no model ${name} under ${this.directory}.`);
    const isShut = ['EROFS', 'EACCES', 'EPERM', 'ENOTDIR'].includes(code);
    return isShut ? new InputError(notShared(`${join(this.directory, name)} cannot be written (${code})`)) : error;
  }
}
