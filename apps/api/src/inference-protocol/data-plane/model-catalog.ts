import type { Arm } from '#registry';
import type { Datatype, NamedTensor, TensorSpec } from '../tensors/tensor.js';

/** A loaded model as the protocol sees it: named tensors in, named tensors out. */
export interface CatalogModel {
  readonly name: string;
  readonly version: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Present if the model reads elements itself, value by value: whether an input accepts a datatype. */
  readonly reads?: (input: string, datatype: Datatype) => boolean;
  /** The names of the dimensions of each input, empty for unnamed ones; absent if the model declares none. */
  readonly dimensions?: ReadonlyMap<string, readonly string[]>;
  /** Inputs that accept any number of dimensions, which their shapes cannot express. */
  readonly unranked?: ReadonlySet<string>;
  /** Whether callers may send `external_id`: the model has no such input, and predictions are kept. */
  readonly takesExternalIds?: boolean;
  /**
   * @param outputs names of the outputs to compute; default all
   * @param externalIds the caller's ids of the rows
   */
  infer(
    inputs: readonly NamedTensor[],
    outputs?: readonly string[],
    externalIds?: readonly (string | undefined)[],
  ): Promise<readonly NamedTensor[]>;
}

/** A request's lease of a version. */
export interface CatalogLease {
  readonly model: CatalogModel;
  /** Its side of a rollout, while one is in progress. */
  readonly arm?: Arm;
  release(): void;
}

/** A version of a model, and whether it can answer. */
export interface CatalogEntry {
  readonly name: string;
  readonly version: string;
  readonly state: 'READY' | 'LOADING' | 'UNAVAILABLE';
  /** The reason for this state; may be empty. */
  readonly reason: string;
}

export const MODEL_CATALOG = Symbol('MODEL_CATALOG');

/** The models that both transports of the protocol serve. */
export interface ModelCatalog {
  /**
   * @param version a version or an alias; default the one that serves
   * @throws ModelNotFoundError if it does not exist
   * @throws ModelNotReadyError if it cannot answer now
   */
  find(name: string, version?: string): CatalogModel;
  /** Whether the requests of any model are split between two versions, for which callers must be distinguished. */
  readonly isRolling: boolean;
  /**
   * As {@link find}; the version answers until the lease is released, whatever is promoted in the meantime.
   *
   * @param key stable identity of the caller, needed only while {@link isRolling}
   */
  lease(name: string, version?: string, key?: string): CatalogLease;
  list(): readonly CatalogEntry[];
  /** Whether all required models serve. */
  isReady(): boolean;
  load(name: string): Promise<void>;
  unload(name: string): Promise<void>;
}
