import type { Aliases } from './bundle/bundle.js';
import type { LoadedModel } from './open-model.js';

/** Whether a version can answer, and if not, why. */
export type VersionState =
  | { readonly status: 'ready'; readonly model: LoadedModel }
  | { readonly status: 'loading' }
  /** `stamp` tells whether its files have changed since. */
  | { readonly status: 'failed'; readonly failure: string; readonly stamp: string }
  | { readonly status: 'unloaded' };

/** All that the registry knows of one model. */
export class ModelEntry {
  aliases: Partial<Aliases> = {};
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

  /** Whether it should answer: it has a champion, or should have one that cannot be told. */
  get isDue(): boolean {
    return !this.isUnloaded && (this.aliases.champion ?? this.failure ?? this.champion) !== undefined;
  }

  aliasesOf(version: string): string[] {
    return Object.entries(this.aliases).flatMap(([alias, to]) => (to === version ? [alias] : []));
  }
}
