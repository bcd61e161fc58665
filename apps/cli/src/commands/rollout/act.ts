import { FileQueue, type RolloutAction, Rollouts, rolloutStatus, rolloutText } from '#renewal';
import { trackerOf } from '#training';
import type { CommandContext } from '../../command-context.js';

/** Applies a person's action to a rollout. */
export async function act(
  { config, print }: CommandContext,
  model: string,
  kind: RolloutAction,
  reason: string,
): Promise<void> {
  const { directory } = config.models;
  const queue = new FileQueue(config.renewal.jobs);
  const before = await rolloutStatus(directory, model, queue);
  if (kind === 'abort' && (before.state === 'queued' || before.state === 'training')) await queue.cancel(model);
  else await new Rollouts(directory).step(model, { kind }, { reason });
  const status = await rolloutStatus(directory, model, queue);
  if (status.champion !== null && status.champion !== before.champion) {
    trackerOf(config).setAlias({ name: model, version: status.champion }, 'champion');
  }
  print(status, () => console.log(rolloutText(status)));
}
