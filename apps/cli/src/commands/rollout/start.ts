import { InputError } from '#kit';
import { FileQueue, rolloutStatus, rolloutText, startRollout } from '#renewal';
import type { CommandContext } from '../../command-context.js';

interface Given {
  readonly steps?: string;
  readonly mode?: string;
  readonly reason: string;
}

/** Begins the rollout of a version. */
export async function start(
  { config, print }: CommandContext,
  model: string,
  version: string,
  { steps, mode = config.renewal.mode === 'auto' ? 'auto' : 'manual', reason }: Given,
): Promise<void> {
  if (mode !== 'manual' && mode !== 'auto') throw new InputError(`--mode ${mode} must be manual or auto.`);
  const given = steps?.split(',').map(Number) ?? config.renewal.steps;
  if (given.some((step) => !Number.isFinite(step)))
    throw new InputError(`--steps ${steps} must be numbers between commas.`);
  await startRollout(config.models, model, { version, steps: given, mode }, reason);
  const told = await rolloutStatus(config.models.directory, model, new FileQueue(config.renewal.jobs));
  print(told, () => console.log(rolloutText(told)));
}
