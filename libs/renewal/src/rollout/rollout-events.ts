import { type ActiveState, isActive, type Rollout } from '#bundle';
import { UserError } from '#kit';

/** An event of a rollout. */
export type RolloutEvent =
  | {
      readonly kind: 'start';
      readonly id: string;
      readonly champion: string;
      readonly challenger: string;
      /** In percent, ascending. */
      readonly steps: readonly number[];
      readonly mode: Rollout['mode'];
    }
  /** The evidence suffices for the next step. */
  | { readonly kind: 'advance' }
  | { readonly kind: RolloutAction };

export const ROLLOUT_ACTIONS = ['pause', 'resume', 'promote', 'rollback', 'abort'] as const;
/** An action by a user. */
export type RolloutAction = (typeof ROLLOUT_ACTIONS)[number];

/** The event is invalid in the rollout's state. */
export class RolloutStateError extends UserError {
  override readonly name = 'RolloutStateError';
}

/** Another rollout is in progress. */
export class RolloutInProgressError extends UserError {
  override readonly name = 'RolloutInProgressError';
}

/** Whether the challenger has become the champion. */
const isPromoted = (state: ActiveState): boolean => state === 'promoted' || state === 'watch';

/** The active state of a rollout; of a paused one the state that it resumes. */
export const standingOf = ({ state, paused }: Rollout): ActiveState | undefined =>
  state === 'settled' || state === 'rolled_back' ? undefined : state === 'paused' ? paused : state;

/** The fields that an event changes, besides epoch and time. */
type Change = Pick<Rollout, 'state' | 'weight' | 'aliases'> & { readonly paused?: ActiveState };

function advanced({ state, mode, steps, weight, aliases, challenger }: Rollout): Change {
  if (state === 'shadow') {
    if (mode === 'manual') return { state: 'paused', paused: 'canary', weight: 0, aliases };
    return steps.length > 0
      ? { state: 'canary', weight: steps[0] / 100, aliases }
      : { state: 'promoted', weight: 1, aliases: { champion: challenger } };
  }
  if (state === 'canary') {
    const step = steps.find((percent) => percent / 100 > weight);
    if (step !== undefined) return { state, weight: step / 100, aliases };
    return { state: 'promoted', weight: 1, aliases: { champion: challenger } };
  }
  return { state: state === 'promoted' ? 'watch' : 'settled', weight, aliases };
}

function resumed({ paused, steps, weight, aliases, challenger }: Rollout): Change {
  if (paused === 'canary' && weight === 0) {
    return steps.length > 0
      ? { state: 'canary', weight: steps[0] / 100, aliases }
      : { state: 'promoted', weight: 1, aliases: { champion: challenger } };
  }
  return { state: paused!, weight, aliases };
}

/** Whether an event is valid in the rollout's state. */
function isPossible(kind: RolloutAction | 'advance', rollout: Rollout): boolean {
  const standing = standingOf(rollout);
  if (!standing) return false;
  if (kind === 'advance' || kind === 'pause') return rollout.state !== 'paused';
  if (kind === 'resume') return rollout.state === 'paused';
  return kind === 'rollback' || !isPromoted(standing);
}

function changed(rollout: Rollout, kind: RolloutAction | 'advance'): Change {
  const { weight, aliases, champion, challenger } = rollout;
  switch (kind) {
    case 'advance':
      return advanced(rollout);
    case 'pause':
      return { state: 'paused', paused: standingOf(rollout), weight, aliases };
    case 'resume':
      return resumed(rollout);
    case 'promote':
      return { state: 'promoted', weight: 1, aliases: { champion: challenger } };
    case 'rollback':
    case 'abort':
      return { state: 'rolled_back', weight: 0, aliases: { champion, challenger } };
  }
}

/**
 * The state machine of rollouts, a pure function without files or clock.
 *
 * @param current undefined where the model never had a rollout
 * @throws RolloutInProgressError on a start while another rollout is in progress
 * @throws RolloutStateError when the event is invalid in the state
 */
export function afterEvent(
  current: Rollout | undefined,
  event: RolloutEvent,
  { at, reason }: { readonly at: Date; readonly reason: string },
): Rollout {
  const epoch = (current?.epoch ?? 0) + 1;
  const since = at.toISOString();
  if (event.kind === 'start') {
    if (current && isActive(current)) {
      throw new RolloutInProgressError(
        `A rollout of version ${current.challenger} is in progress (${current.state}); end it with promote, rollback or abort.`,
      );
    }
    const { id, champion, challenger, steps, mode } = event;
    return {
      format_version: 1,
      id,
      epoch,
      state: 'shadow',
      champion,
      challenger,
      aliases: { champion, challenger },
      weight: 0,
      steps,
      mode,
      since,
      reason,
    };
  }
  if (!current || !isPossible(event.kind, current)) {
    const state = current ? current.state : 'idle';
    const instead = current && isActive(current) ? possibleNow(current).join(', ') : 'start';
    throw new RolloutStateError(
      `${event.kind} is not possible while the rollout is in the state ${state}; possible: ${instead}.`,
    );
  }
  const { format_version, id, champion, challenger, steps, mode } = current;
  return {
    format_version,
    id,
    epoch,
    champion,
    challenger,
    steps,
    mode,
    ...changed(current, event.kind),
    since,
    reason,
  };
}

const possibleNow = (rollout: Rollout): RolloutAction[] => ROLLOUT_ACTIONS.filter((kind) => isPossible(kind, rollout));
