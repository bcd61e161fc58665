import type { ServedModel } from '#runtime';
import type { OpenOptions } from './open-model.js';
import type { SourceOptions } from './source/source-options.js';

export const REGISTRY_OPTIONS = Symbol('REGISTRY_OPTIONS');

export interface RegistryOptions<Contract = unknown> extends OpenOptions {
  /** The folder that holds `<name>/<version>/`; not read where there is a source. */
  readonly directory: string;
  /** Where models come from when they are not in that folder. */
  readonly source?: SourceOptions;
  /** The default model; when not given, the only one in the folder that takes rows. */
  readonly defaultModel?: string;
  /** Makes what leases of a version that takes rows carry, once, when it is loaded. */
  readonly contractOf?: (model: ServedModel) => Contract;
  /** Which versions are loaded: those that an alias names when not given. */
  readonly load?: 'aliases' | 'all';
  /** How often to look for moved aliases and new versions; never when not given or 0. */
  readonly watchSeconds?: number;
}
