import type { Rollout } from '#bundle';
import { HOUR } from '#kit';
import { decide, type RolloutDecision, type RolloutPace } from '../guards/decide.js';
import { judgeCanary, judgeShadow } from '../guards/judge.js';
import { type EvidenceStore, readCanary, readShadow } from '../guards/read-stages.js';
import { keepLook } from '../rollout/last-look.js';
import type { Evidence } from '../rollout/rollout-journal.js';
import { Rollouts, StaleEpochError } from '../rollout/rollouts.js';

/** Allows for differences of the servers' clocks, and for the time of a poll. */
const SLACK_MILLISECONDS = 3_000;

export interface TendOptions {
  readonly models: string;
  readonly store: EvidenceStore;
  readonly pace: RolloutPace & { readonly labelDelayHours: number };
  /** Interval at which servers poll for changes of a rollout. */
  readonly watchSeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Reads the evidence of a rollout, and how much the challenger has scored in this step. */
async function look(
  name: string,
  rollout: Rollout,
  rollouts: Rollouts,
  { store, pace, watchSeconds, now }: TendOptions,
): Promise<{ readonly evidence: Evidence[]; readonly scored: number }> {
  const settle = 1_000 * watchSeconds + SLACK_MILLISECONDS;
  const reading = { store, model: name, now, labelDelay: pace.labelDelayHours * HOUR, settle };
  if (rollout.state === 'canary') {
    const steps = await readCanary(reading, rollout, await rollouts.timeline(name));
    return { evidence: judgeCanary(steps, pace), scored: steps.at(-1)?.seen ?? 0 };
  }
  if (rollout.state === 'shadow' || rollout.state === 'watch') {
    const pairs = await readShadow(reading, rollout);
    return { evidence: judgeShadow(pairs, pace), scored: pairs.rows };
  }
  return { evidence: [], scored: 0 };
}

/**
 * Evaluates a model's rollout and moves it where the evidence suffices.
 *
 * @returns the decision; undefined where no rollout is in progress, or another process has moved it meanwhile
 */
export async function tendRollout(name: string, options: TendOptions): Promise<RolloutDecision | undefined> {
  const rollouts = new Rollouts(options.models);
  const rollout = await rollouts.read(name);
  if (!rollout || rollout.state === 'settled' || rollout.state === 'rolled_back' || rollout.state === 'paused') {
    return undefined;
  }
  const { evidence, scored } = await look(name, rollout, rollouts, options);
  const decision = decide(rollout, evidence, scored, options.pace, options.now);
  const { epoch } = rollout;
  if (decision.kind === 'hold') {
    await keepLook(options.models, name, { epoch, evidence, reason: decision.reason });
    return decision;
  }
  try {
    await rollouts.step(
      name,
      { kind: decision.kind },
      { reason: decision.reason, epoch, evidence, at: new Date(options.now) },
    );
  } catch (error) {
    if (error instanceof StaleEpochError) return undefined;
    throw error;
  }
  return decision;
}
