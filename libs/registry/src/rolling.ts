import type { Aliases, Rollout } from '#bundle';
import { isActive } from '#bundle';
import type { LoadedModel } from '#runtime';

/** A rollout as this process serves it: its files are consistent, and the versions that answer are loaded. */
export interface Rolling {
  readonly rollout: Rollout;
  /** The version of the control arm. */
  readonly champion?: LoadedModel;
  /** Present if it is loaded. */
  readonly challenger?: LoadedModel;
  /** The previous champion, after the challenger has taken its place. */
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
 * Maps a caller to a number between 0 and 1, the same for a key in all processes and in all steps of a rollout: a
 * caller who gets the challenger at 5 % also gets it at 25 %. FNV-1a with the finaliser of MurmurHash3.
 */
export function placeOf(id: string, key: string): number {
  let hash = hashed(key, hashed(id, 0x811c9dc5));
  hash = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / UNIT;
}

/** Whether the rollout matches these aliases; if not, they were moved outside of it and the champion serves all. */
export const isOfAliases = ({ aliases }: Rollout, { champion, challenger }: Partial<Aliases>): boolean =>
  aliases.champion === champion && aliases.challenger === challenger;

/** Versions that a rollout keeps loaded: those that answer, and the one for a rollback. */
export const versionsOf = (rollout: Rollout | undefined): string[] =>
  rollout && isActive(rollout) ? [rollout.champion, rollout.challenger] : [];
