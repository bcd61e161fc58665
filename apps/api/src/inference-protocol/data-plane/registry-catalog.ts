import { Inject, Injectable } from '@nestjs/common';
import type { LoadedModel } from '#runtime';
import { ModelNotFoundError } from '#bundle';
import { ModelRegistry, type VersionState } from '#registry';
import type { CatalogEntry, ModelCatalog, CatalogModel } from './model-catalog.js';
import { PipelineModel } from './pipeline-model.js';

const STATES = { ready: 'READY', loading: 'LOADING', failed: 'UNAVAILABLE', unloaded: 'UNAVAILABLE' } as const;

/** A model without a pipeline already speaks tensors. */
function asCatalogModel(model: LoadedModel): CatalogModel {
  if (model.kind === 'pipeline') return new PipelineModel(model);
  const { name, version } = model.manifest;
  const { inputs, outputs, dimensions, unranked } = model;
  return { name, version, inputs, outputs, dimensions, unranked, infer: (...asked) => model.infer(...asked) };
}

function reasonOf(state: VersionState): string {
  if (state.status === 'failed') return state.failure;
  return state.status === 'unloaded' ? 'not loaded' : '';
}

/** The registry's models as the protocol sees them. */
@Injectable()
export class RegistryCatalog implements ModelCatalog {
  private readonly models = new WeakMap<LoadedModel, CatalogModel>();

  constructor(@Inject(ModelRegistry) private readonly registry: ModelRegistry) {}

  find(name: string, version?: string): CatalogModel {
    const loaded = this.loaded(name, version);
    let model = this.models.get(loaded);
    if (!model) this.models.set(loaded, (model = asCatalogModel(loaded)));
    return model;
  }

  /** Says first what Triton says: its clients look for these words. */
  private loaded(name: string, version?: string): LoadedModel {
    try {
      return this.registry.find(name, version);
    } catch (error) {
      if (!(error instanceof ModelNotFoundError)) throw error;
      throw new ModelNotFoundError(`Request for unknown model: ${error.message}`);
    }
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
