import { randomUUID } from 'node:crypto';
import type { Rollout } from '#bundle';
import { checkStart } from './check-start.js';
import { Rollouts } from './rollouts.js';

/** A model's settings of new rollouts. */
export interface StartSettings {
  readonly mode: 'off' | Rollout['mode'];
  readonly steps: readonly number[];
}

/** The default options of a rollout: unless `mode` is `auto`, a user starts the canary. */
export const startAsSet = ({ mode, steps }: StartSettings): { steps: readonly number[]; mode: Rollout['mode'] } => ({
  steps,
  mode: mode === 'auto' ? 'auto' : 'manual',
});

/**
 * Starts the rollout of a version.
 *
 * @throws as {@link checkStart} and {@link Rollouts.step}
 */
export async function startRollout(
  models: Parameters<typeof checkStart>[0],
  name: string,
  options: Parameters<typeof checkStart>[2],
  reason: string,
): Promise<Rollout> {
  const checked = await checkStart(models, name, options);
  return new Rollouts(models.directory).step(name, { kind: 'start', id: randomUUID(), ...checked }, { reason });
}
