import type { Arm } from '#registry';
import type { Datatype, NamedTensor, TensorSpec } from '../tensors/tensor.js';

/** A loaded model as the protocol sees it: named tensors in, named tensors out. */
export interface CatalogModel {
  readonly name: string;
  readonly version: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Given where it reads elements itself, value by value: whether those of a datatype may be an input's. */
  readonly reads?: (input: string, datatype: Datatype) => boolean;
  /** By input: the names of its dimensions, empty for one without. Where the model tells none, not given. */
  readonly dimensions?: ReadonlyMap<string, readonly string[]>;
  /** Inputs that take any number of dimensions, which their shapes do not tell. */
  readonly unranked?: ReadonlySet<string>;
  /** Whether callers may name rows by `external_id`: it is no input of the model, and rows are kept. */
  readonly takesExternalIds?: boolean;
  /**
   * @param outputs names of those to compute; all when not given
   * @param externalIds what the caller calls each row
   */
  infer(
    inputs: readonly NamedTensor[],
    outputs?: readonly string[],
    externalIds?: readonly (string | undefined)[],
  ): Promise<readonly NamedTensor[]>;
}

/** A request's hold on a version. */
export interface CatalogLease {
  readonly model: CatalogModel;
  /** Which side of a rollout it is, while one is under way. */
  readonly arm?: Arm;
  release(): void;
}

/** A version of a model, and whether it can answer. */
export interface CatalogEntry {
  readonly name: string;
  readonly version: string;
  readonly state: 'READY' | 'LOADING' | 'UNAVAILABLE';
  /** Why it is in this state; empty where there is nothing to say. */
  readonly reason: string;
}

export const MODEL_CATALOG = Symbol('MODEL_CATALOG');

/** The models that both transports of the protocol serve. */
export interface ModelCatalog {
  /**
   * @param version a version or an alias; the one that serves when not given
   * @throws ModelNotFoundError when there is none
   * @throws ModelNotReadyError when it cannot answer now
   */
  find(name: string, version?: string): CatalogModel;
  /** Whether requests of any model are divided among two versions: then their callers are to be told apart. */
  readonly isRolling: boolean;
  /**
   * As {@link find}: the version answers until the lease is released, whatever is promoted meanwhile.
   *
   * @param key who asks, always in the same words: needed only while {@link isRolling}
   */
  lease(name: string, version?: string, key?: string): CatalogLease;
  list(): readonly CatalogEntry[];
  /** Whether the models that must serve do. */
  isReady(): boolean;
  load(name: string): Promise<void>;
  unload(name: string): Promise<void>;
}
