import type { Aliases, Rollout } from '#bundle';
import { isActive } from '#bundle';
import type { LoadedModel } from '#runtime';

/** A rollout as this process serves it: the files agree, and what answers is loaded. */
export interface Rolling {
  readonly rollout: Rollout;
  /** What answers but for the canary. */
  readonly champion?: LoadedModel;
  /** Where it is loaded. */
  readonly challenger?: LoadedModel;
  /** The champion from before, once the challenger has become it. */
  readonly previous?: LoadedModel;
}

const UNIT = 2 ** 32;
const { imul } = Math;

/** FNV-1a over UTF-16, a byte at a time. */
function hashed(text: string, state: number): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    state = imul(state ^ (unit & 0xff), 0x01000193);
    if (unit > 0xff) state = imul(state ^ (unit >> 8), 0x01000193);
  }
  return state;
}

/**
 * Where a caller falls between 0 and 1: the same place for the same key in all processes and through all steps of a rollout, so that
 * who was given the challenger at 5 % is given it at 25 %, too. FNV-1a with the finaliser of MurmurHash3.
 */
export function placeOf(id: string, key: string): number {
  let hash = hashed(key, hashed(id, 0x811c9dc5));
  hash = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / UNIT;
}

/** Whether the rollout is of these aliases: else somebody has moved them past it, and the champion serves all. */
export const isOfAliases = ({ aliases }: Rollout, { champion, challenger }: Partial<Aliases>): boolean =>
  aliases.champion === champion && aliases.challenger === challenger;

/** Versions that are loaded for a rollout's sake: what answers, and what it goes back to. */
export const versionsOf = (rollout: Rollout | undefined): string[] =>
  rollout && isActive(rollout) ? [rollout.champion, rollout.challenger] : [];
