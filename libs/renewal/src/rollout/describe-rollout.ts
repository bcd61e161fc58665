import { type Aliases, isActive, type Rollout } from '#bundle';
import type { Evidence, RolloutRecord } from './rollout-journal.js';

/** The status of a model's rollout, as the API and the command line show it. */
export interface RolloutStatus {
  readonly model: string;
  readonly state: Rollout['state'] | 'idle' | 'queued' | 'training' | 'gated';
  readonly id: string | null;
  readonly champion: string | null;
  readonly challenger: string | null;
  /** Share of the requests that the challenger answers. */
  readonly weight: number;
  readonly since: string | null;
  /** Of the worker's last look, else of the last step that was decided by evidence. */
  readonly evidence: readonly Evidence[];
  readonly reason: string | null;
}

/**
 * @param rollout undefined where the model never had one
 * @param timeline the steps of the rollout, oldest first
 */
export function describeRollout(
  model: string,
  aliases: Aliases | undefined,
  rollout: Rollout | undefined,
  timeline: readonly RolloutRecord[],
): RolloutStatus {
  const champion = aliases?.champion ?? null;
  if (!rollout) {
    const nothing = { id: null, challenger: aliases?.challenger ?? null, weight: 0, since: null, reason: null };
    return { model, state: 'idle', champion, ...nothing, evidence: [] };
  }
  const { state, id, challenger, since, reason } = rollout;
  const evidence = timeline.findLast((step) => step.rollout.evidence)?.rollout.evidence ?? [];
  return {
    model,
    state,
    id,
    champion,
    challenger,
    weight: isActive(rollout) ? rollout.weight : 0,
    since,
    evidence,
    reason,
  };
}

export const shareText = (share: number): string => `${Number((100 * share).toFixed(2))} %`;

/** A human-readable line. */
/** What a person can do about a rollout that waits for more than evidence. */
function nextStep(model: string, state: RolloutStatus['state']): string {
  if (state === 'queued') return '; a worker trains it: npx skewless worker';
  return state === 'paused' ? `; continue: npx skewless rollout resume ${model}` : '';
}

export function rolloutText({ model, state, champion, challenger, weight, reason }: RolloutStatus): string {
  const serving = `${model}: champion ${champion ?? 'none'}`;
  if (state === 'idle') return `${serving}, no rollout`;
  const share =
    state === 'canary' || (state === 'paused' && weight > 0 && weight < 1) ? ` at ${shareText(weight)}` : '';
  const version = challenger === null ? '' : ` of version ${challenger}`;
  const next = nextStep(model, state);
  return `${serving}, rollout${version} ${state}${share}${reason ? ` (${reason})` : ''}${next}`;
}
