import type { Rollout } from '#bundle';
import { HOUR } from '#kit';
import type { Evidence } from '../rollout/rollout-journal.js';
import type { GuardLimits } from './judge.js';

/** The conditions under which a rollout proceeds. */
export interface RolloutPace extends GuardLimits {
  readonly shadowHours: number;
  readonly stepHours: number;
  /** Requests (in the shadow: rows) that the challenger must have scored in a step. */
  readonly minimumRequests: number;
  readonly maxHoldHours: number;
  readonly atMaxHold: 'keep_champion' | 'advance';
  readonly watchHours: number;
}

/** The next action of a rollout. */
export interface RolloutDecision {
  readonly kind: 'hold' | 'advance' | 'rollback';
  readonly reason: string;
}

const hold = (reason: string): RolloutDecision => ({ kind: 'hold', reason });

/** @returns why the rollout cannot proceed yet; undefined where it can */
function missing(
  { state, steps }: Rollout,
  hours: number,
  scored: number,
  evidence: readonly Evidence[],
  pace: RolloutPace,
): string | undefined {
  const least = state === 'shadow' ? pace.shadowHours : pace.stepHours;
  if (hours < least) return `${state} lasts ${least} hours at least`;
  if (scored === 0) return 'inconclusive: no traffic';
  if (scored < pace.minimumRequests) {
    return `inconclusive: the challenger has scored ${scored} of ${pace.minimumRequests} requests`;
  }
  const loss = evidence.find(({ guard }) => guard === 'loss');
  if (state !== 'shadow' || loss?.verdict === 'no worse') return undefined;
  const last = steps.length > 0 ? 'before it answers' : 'before it is promoted';
  return loss === undefined || loss.n === 0
    ? `inconclusive: no labels ${last}`
    : `inconclusive: the loss is not proven to be within the margin ${pace.lossMargin} ${last}`;
}

/**
 * Decides the next action of a rollout. The guards are anytime-valid, so it may be called at any time. Until `maxHoldHours` have
 * passed, nothing proceeds without traffic, and nothing leaves the shadow without labels.
 *
 * @param scored requests (in the shadow: rows) that the challenger has scored in this step
 */
export function decide(
  rollout: Rollout,
  evidence: readonly Evidence[],
  scored: number,
  pace: RolloutPace,
  now: number,
): RolloutDecision {
  const { state } = rollout;
  const hours = (now - Date.parse(rollout.since)) / HOUR;
  if (state === 'paused') return hold('paused');
  const worse = evidence.filter(({ verdict }) => verdict === 'worse');
  if (worse.length > 0 && state !== 'promoted') {
    const words = worse.map(({ guard, n, note }) => `${guard}${note ? `: ${note}` : ` by ${n} events`}`);
    return { kind: 'rollback', reason: `worse: ${words.join('; ')}` };
  }
  if (state === 'promoted') return { kind: 'advance', reason: 'servers have followed' };
  if (state === 'watch') {
    return hours < pace.watchHours
      ? hold(`watched for ${pace.watchHours} hours`)
      : { kind: 'advance', reason: `nothing was against it for ${pace.watchHours} hours` };
  }
  const obstacle = missing(rollout, hours, scored, evidence, pace);
  if (obstacle === undefined) return { kind: 'advance', reason: 'no guard speaks against it' };
  if (hours < pace.maxHoldHours) return hold(obstacle);
  return pace.atMaxHold === 'advance'
    ? { kind: 'advance', reason: `held for ${pace.maxHoldHours} hours, renewal.atMaxHold is advance; ${obstacle}` }
    : { kind: 'rollback', reason: `held for ${pace.maxHoldHours} hours, the champion is kept; ${obstacle}` };
}
