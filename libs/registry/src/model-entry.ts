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

/** Whether a version can serve, and if not, why. */
export type VersionState =
  /** `stamp` is its manifest's: it changes when another version takes its place. */
  | { readonly status: 'ready'; readonly model: LoadedModel; readonly stamp?: string }
  | { readonly status: 'loading' }
  /** `stamp` changes with its files. */
  | { readonly status: 'failed'; readonly failure: string; readonly stamp: string }
  | { readonly status: 'unloaded' };

/** The registry's state of one model. */
export class ModelEntry {
  aliases: Partial<Aliases> = {};
  /** The latest rollout. */
  rollout?: Rollout;
  /** The rollout in progress; derived when the folder was read, not for each request. */
  rolling?: Rolling;
  /** Why its aliases cannot be read. */
  failure?: string;
  /** The version that serves by default: the latest champion that was proven. */
  champion?: LoadedModel;
  /** By version, oldest first. */
  readonly versions = new Map<string, VersionState>();
  /** Versions that an operator asked to load although no alias names them. */
  readonly pinned = new Set<string>();
  /** Whether an operator asked to unload it. */
  isUnloaded = false;

  constructor(readonly name: string) {}

  /** Why the intended champion does not serve, if so. */
  get championFailure(): string | undefined {
    if (this.failure !== undefined) return this.failure;
    if (this.isUnloaded) return `Model ${this.name} was unloaded`;
    const { champion } = this.aliases;
    if (champion === undefined) return `Model ${this.name} has no champion`;
    const state = this.versions.get(champion);
    return state?.status === 'failed' ? state.failure : undefined;
  }

  /** Whether it should serve: it has a champion, or its aliases cannot be read. */
  get isDue(): boolean {
    return !this.isUnloaded && (this.aliases.champion ?? this.failure ?? this.champion) !== undefined;
  }

  /** Folders of the versions that failed; they are retried when their files change. */
  failedIn(directory: string): string[] {
    return [...this.versions].flatMap(([version, { status }]) =>
      status === 'failed' ? [join(directory, version)] : [],
    );
  }

  /** Whether a version failed for a reason outside of it, and so is retried. */
  get hasRetry(): boolean {
    return [...this.versions.values()].some((state) => state.status === 'failed' && state.stamp === '');
  }

  /** The versions that can serve. */
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
        `Version ${named} of ${name} is not loaded, as no alias names it: set models.load to all (MODELS_LOAD=all), or make it the champion with npx skewless models promote ${name} ${named}`,
      );
    }
    throw new ModelNotReadyError(reasonOf(name, named, state));
  }

  /**
   * The versions to load, the champion first.
   *
   * @param others versions to load besides those that an alias names
   */
  wanted(others: Iterable<string>): string[] {
    if (this.isUnloaded) return [];
    const { champion, challenger } = this.aliases;
    const named = [champion, challenger].filter((version) => version !== undefined);
    return [...new Set([...named, ...versionsOf(this.rollout), ...others])];
  }

  /** Derives the rollout in progress from the files and the loaded versions. */
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

  /** The version for a caller who names none. @param key identifies the caller, always in the same form */
  routed(key: string): LoadedModel {
    const { rolling } = this;
    if (rolling?.challenger && placeOf(rolling.rollout.id, key) < rolling.rollout.weight) return rolling.challenger;
    return this.find('champion');
  }

  /**
   * Removes versions that no longer exist, and unloads those that are no longer wanted.
   *
   * @returns models to close
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
