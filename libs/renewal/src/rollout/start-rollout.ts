import { randomUUID } from 'node:crypto';
import type { Rollout } from '#bundle';
import { checkStart } from './check-start.js';
import { Rollouts } from './rollouts.js';

/** What a model's settings say of a rollout that begins. */
export interface StartSettings {
  readonly mode: 'off' | Rollout['mode'];
  readonly steps: readonly number[];
}

/** How the rollout of a model goes where nobody says otherwise: a person lets the canary begin but where `mode` is `auto`. */
export const startAsSet = ({ mode, steps }: StartSettings): { steps: readonly number[]; mode: Rollout['mode'] } => ({
  steps,
  mode: mode === 'auto' ? 'auto' : 'manual',
});

/**
 * Begins the rollout of a version.
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
