import { Inject, Injectable } from '@nestjs/common';
import type { LoadedModel } from '#runtime';
import { ModelNotFoundError } from '#bundle';
import { ModelRegistry, type VersionState } from '#registry';
import type { CatalogEntry, ModelCatalog, CatalogLease, CatalogModel } from './model-catalog.js';
import { PipelineModel } from './pipeline-model.js';

const STATES = { ready: 'READY', loading: 'LOADING', failed: 'UNAVAILABLE', unloaded: 'UNAVAILABLE' } as const;

/** A model without a pipeline already speaks tensors. */
export function asCatalogModel(model: LoadedModel): CatalogModel {
  if (model.kind === 'pipeline') return new PipelineModel(model);
  const { name, version } = model.manifest;
  const { inputs, outputs, dimensions, unranked } = model;
  return { name, version, inputs, outputs, dimensions, unranked, infer: (own, asked) => model.infer(own, asked) };
}

function reasonOf(state: VersionState): string {
  if (state.status === 'failed') return state.failure;
  return state.status === 'unloaded' ? 'not loaded' : '';
}

/** Prefixes Triton's message, because its clients match these words. */
function known<T>(find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof ModelNotFoundError)) throw error;
    throw new ModelNotFoundError(`Request for unknown model: ${error.message}`);
  }
}

/** The registry's models as the protocol sees them. */
@Injectable()
export class RegistryCatalog implements ModelCatalog {
  private readonly models = new WeakMap<LoadedModel, CatalogModel>();

  constructor(@Inject(ModelRegistry) private readonly registry: ModelRegistry) {}

  find(name: string, version?: string): CatalogModel {
    return this.catalogModelOf(known(() => this.registry.find(name, version)));
  }

  get isRolling(): boolean {
    return this.registry.isRolling;
  }

  lease(name: string, version?: string, key?: string): CatalogLease {
    const lease = known(() => this.registry.lease(name, version, key));
    return { model: this.catalogModelOf(lease.model), arm: lease.arm, release: () => lease.release() };
  }

  private catalogModelOf(loaded: LoadedModel): CatalogModel {
    let model = this.models.get(loaded);
    if (!model) this.models.set(loaded, (model = asCatalogModel(loaded)));
    return model;
  }

  list(): readonly CatalogEntry[] {
    return this.registry.list().map(({ name, version, state }) => ({
      name,
      version,
      state: STATES[state.status],
      reason: reasonOf(state),
    }));
  }

  isReady(): boolean {
    return this.registry.isReady;
  }

  load(name: string): Promise<void> {
    return this.registry.loadModel(name);
  }

  unload(name: string): Promise<void> {
    return this.registry.unloadModel(name);
  }
}
