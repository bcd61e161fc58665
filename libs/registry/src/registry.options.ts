import type { ServedModel } from '#runtime';
import type { OpenOptions } from './open-model.js';
import type { SourceOptions } from './source/source-options.js';

export const REGISTRY_OPTIONS = Symbol('REGISTRY_OPTIONS');

export interface RegistryOptions<Contract = unknown> extends OpenOptions {
  /** The folder that holds `<name>/<version>/`; not read where there is a source. */
  readonly directory: string;
  /** The remote sources of models, used instead of that folder. */
  readonly source?: SourceOptions;
  /** The default model; when not given, the only one in the folder that takes rows. */
  readonly defaultModel?: string;
  /** Makes the contract that leases of a version with rows carry; called once, when it is loaded. */
  readonly contractOf?: (model: ServedModel) => Contract;
  /** Which versions are loaded; those that an alias names when not given. */
  readonly load?: 'aliases' | 'all';
  /** Polling interval for moved aliases and new versions; no polling when not given or 0. */
  readonly watchSeconds?: number;
}
