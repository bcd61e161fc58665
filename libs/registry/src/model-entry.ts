import { join } from 'node:path';
import {
  type Aliases,
  isActive,
  ModelNotFoundError,
  ModelNotReadyError,
  type Rollout,
  VersionNotLoadedError,
} from '#bundle';
import type { LoadedModel } from '#runtime';
import { isOfAliases, placeOf, type Rolling, versionsOf } from './rolling.js';

/** Whether a version can answer, and if not, why. */
export type VersionState =
  /** `stamp` is its manifest's: tells whether another version has taken its place since. */
  | { readonly status: 'ready'; readonly model: LoadedModel; readonly stamp?: string }
  | { readonly status: 'loading' }
  /** `stamp` tells whether its files have changed since. */
  | { readonly status: 'failed'; readonly failure: string; readonly stamp: string }
  | { readonly status: 'unloaded' };

/** All that the registry knows of one model. */
export class ModelEntry {
  aliases: Partial<Aliases> = {};
  /** The last one that was begun. */
  rollout?: Rollout;
  /** While one is under way; looked up once when the folder was read, not for each request. */
  rolling?: Rolling;
  /** Why its aliases cannot be read. */
  failure?: string;
  /** What answers where no version is named: the latest champion that has proven itself. */
  champion?: LoadedModel;
  /** By version, oldest first. */
  readonly versions = new Map<string, VersionState>();
  /** Versions that someone asked to load although no alias names them. */
  readonly pinned = new Set<string>();
  /** Someone asked to unload it. */
  isUnloaded = false;

  constructor(readonly name: string) {}

  /** Why the version that should be the champion is not, where that is so. */
  get championFailure(): string | undefined {
    if (this.failure !== undefined) return this.failure;
    if (this.isUnloaded) return `Model ${this.name} was unloaded`;
    const { champion } = this.aliases;
    if (champion === undefined) return `Model ${this.name} has no champion`;
    const state = this.versions.get(champion);
    return state?.status === 'failed' ? state.failure : undefined;
  }

  /** Whether it should answer: it has a champion, or its aliases cannot be read. */
  get isDue(): boolean {
    return !this.isUnloaded && (this.aliases.champion ?? this.failure ?? this.champion) !== undefined;
  }

  /** Folders of the versions that failed: once their files change, they are tried again. */
  failedIn(directory: string): string[] {
    return [...this.versions].flatMap(([version, { status }]) =>
      status === 'failed' ? [join(directory, version)] : [],
    );
  }

  /** Whether a version failed for no fault of its own. */
  get hasRetry(): boolean {
    return [...this.versions.values()].some((state) => state.status === 'failed' && state.stamp === '');
  }

  /** The versions that can answer. */
  get loaded(): LoadedModel[] {
    return [...this.versions.values()].flatMap((state) => (state.status === 'ready' ? [state.model] : []));
  }

  aliasesOf(version: string): string[] {
    return Object.entries(this.aliases).flatMap(([alias, to]) => (to === version ? [alias] : []));
  }

  /**
   * @param version a version or an alias
   * @throws ModelNotFoundError when there is none
   * @throws ModelNotReadyError when it cannot answer now
   * @throws VersionNotLoadedError when no alias names it
   */
  find(version: string): LoadedModel {
    const { name } = this;
    if (version === 'champion') {
      if (this.champion) return this.champion;
      throw new ModelNotReadyError(this.championFailure ?? `The model ${name} is being loaded`);
    }
    const named = this.aliases[version as 'challenger'] ?? version;
    const state = this.versions.get(named);
    if (!state) {
      const known = [...this.versions.keys(), ...Object.keys(this.aliases)].join(', ') || 'none';
      throw new ModelNotFoundError(`Model "${name}" has no version or alias "${version}"; it has: ${known}`);
    }
    if (state.status === 'ready') return state.model;
    if (state.status === 'unloaded' && !this.isUnloaded) {
      throw new VersionNotLoadedError(
        `Version ${named} of ${name} is not loaded, as no alias names it: load every version by models.load: all (MODELS_LOAD=all), or make it the champion by npm run pipeline -- models promote ${name} ${named}`,
      );
    }
    throw new ModelNotReadyError(reasonOf(name, named, state));
  }

  /**
   * What should be loaded, the champion first.
   *
   * @param others versions wanted beside those that an alias names
   */
  wanted(others: Iterable<string>): string[] {
    if (this.isUnloaded) return [];
    const { champion, challenger } = this.aliases;
    const named = [champion, challenger].filter((version) => version !== undefined);
    return [...new Set([...named, ...versionsOf(this.rollout), ...others])];
  }

  /** Sees what of the rollout this process can serve. */
  roll(): void {
    const { rollout, aliases } = this;
    const isRolling = rollout && !this.isUnloaded && isActive(rollout) && isOfAliases(rollout, aliases);
    if (!isRolling) return void (this.rolling = undefined);
    const ready = (version: string): LoadedModel | undefined => {
      const state = this.versions.get(version);
      return state?.status === 'ready' && state.model !== this.champion ? state.model : undefined;
    };
    const { champion } = this;
    this.rolling = { rollout, champion, challenger: ready(rollout.challenger), previous: ready(rollout.champion) };
  }

  /** What answers a caller where no version is named. @param key who asks, always in the same words */
  routed(key: string): LoadedModel {
    const { rolling } = this;
    if (rolling?.challenger && placeOf(rolling.rollout.id, key) < rolling.rollout.weight) return rolling.challenger;
    return this.find('champion');
  }

  /**
   * Forgets what is no longer there, and unloads what is no longer wanted.
   *
   * @returns models to be drained
   */
  keepOnly(wanted: readonly string[], listed: readonly string[]): LoadedModel[] {
    const served = this.champion?.manifest.version;
    const states = new Map(this.versions);
    const dropped: LoadedModel[] = [];
    this.versions.clear();
    for (const version of [...new Set([...listed, ...states.keys()])].sort((a, b) => Number(a) - Number(b))) {
      const state = states.get(version);
      if (state && (wanted.includes(version) || version === served)) {
        this.versions.set(version, state);
        continue;
      }
      if (listed.includes(version)) this.versions.set(version, { status: 'unloaded' });
      if (state?.status === 'ready') dropped.push(state.model);
    }
    return dropped;
  }
}

function reasonOf(name: string, version: string, state: Exclude<VersionState, { status: 'ready' }>): string {
  if (state.status === 'failed') return state.failure;
  if (state.status === 'loading') return `Version ${version} of ${name} is being loaded`;
  return `Model ${name} was unloaded`;
}
