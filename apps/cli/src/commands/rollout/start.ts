import { InputError } from '#kit';
import { FileQueue, rolloutStatus, rolloutText, startAsSet, startRollout } from '#renewal';
import type { CommandContext } from '../../command-context.js';

interface Given {
  readonly steps?: string;
  readonly mode?: string;
  readonly reason: string;
}

/** Starts the rollout of a version. */
export async function start(
  { config, configOf, print }: CommandContext,
  model: string,
  version: string,
  { reason, ...given }: Given,
): Promise<void> {
  const set = startAsSet(configOf(model).renewal);
  const { mode = set.mode } = given;
  if (mode !== 'manual' && mode !== 'auto') throw new InputError(`--mode ${mode} must be manual or auto.`);
  const steps = given.steps?.split(',').map(Number) ?? set.steps;
  if (steps.some((step) => !Number.isFinite(step)))
    throw new InputError(`--steps ${given.steps} must be comma-separated numbers.`);
  await startRollout(config.models, model, { version, steps, mode }, reason);
  const status = await rolloutStatus(config.models.directory, model, new FileQueue(config.renewal.jobs));
  print(status, () => console.log(rolloutText(status)));
}
