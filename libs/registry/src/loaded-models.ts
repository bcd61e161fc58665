import { DefaultModel } from './default-model.js';
import type { LeasedVersion } from './lease.js';
import type { ModelEntry } from './model-entry.js';
import type { LoadedModel } from '#runtime';
import type { Rolling } from './rolling.js';

/** The loaded models: written by {@link FolderSync}, read by {@link ModelRegistry}. */
export class LoadedModels<Contract> {
  readonly models = new Map<string, ModelEntry>();
  readonly defaultModel = new DefaultModel();
  readonly leased = new WeakMap<LoadedModel, LeasedVersion<Contract | undefined>>();
  /** The rollouts in progress, by model. */
  rollouts: ReadonlyMap<string, Rolling> = new Map();
  /** Grows whenever a version becomes ready, fails or is unloaded. */
  revision = 0;
}
