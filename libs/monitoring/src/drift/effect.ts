import type { Proportion } from '#statistics';

/** The smallest change that matters: an absolute difference of shares, or a smaller one that doubles or halves the share. */
export interface EffectFloor {
  readonly points: number;
  readonly pointsWhereDoubled: number;
}

export const DEFAULT_FLOOR: EffectFloor = { points: 0.05, pointsWhereDoubled: 0.005 };

const shareOf = ({ count, rows }: Proportion): number => (rows === 0 ? 0 : count / rows);

/**
 * Whether a change of a share matters. Doubling and halving are measured on the rarer side.
 *
 * @param part fraction of the floor to apply: an episode closes below half of it
 */
export function matters(reference: Proportion, now: Proportion, floor: EffectFloor, part = 1): boolean {
  const [before, after] = [shareOf(reference), shareOf(now)];
  const points = Math.abs(after - before);
  if (points >= part * floor.points) return true;
  if (points < part * floor.pointsWhereDoubled) return false;
  const [rare, then] = before <= 0.5 ? [before, after] : [1 - before, 1 - after];
  const factor = 2 ** part;
  return then >= factor * rare || then <= rare / factor;
}
