import type { InferenceOptions } from './served-model.js';

export const REGISTRY_OPTIONS = Symbol('REGISTRY_OPTIONS');

export interface RegistryOptions extends InferenceOptions {
  /** The folder that holds `<name>/<version>/`. */
  readonly directory: string;
  /** The model that serves; when not given, the only one in the folder. */
  readonly defaultModel?: string;
}
