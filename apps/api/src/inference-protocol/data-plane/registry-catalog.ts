import { Inject, Injectable } from '@nestjs/common';
import { ModelRegistry } from '#registry';
import { type CatalogEntry, type ModelCatalog, ModelNotFoundError, type TensorModel } from './model-catalog.js';
import { PipelineModel } from './pipeline-model.js';

/** The registry's model as the protocol sees it. */
@Injectable()
export class RegistryCatalog implements ModelCatalog {
  constructor(@Inject(ModelRegistry) private readonly registry: ModelRegistry) {}

  find(name: string, version?: string): TensorModel {
    const { model } = this.registry;
    if (model.manifest.name !== name) throw new ModelNotFoundError(`There is no model "${name}"`);
    if (version !== undefined && version !== model.manifest.version) {
      throw new ModelNotFoundError(`Model "${name}" has no version "${version}"`);
    }
    return new PipelineModel(model);
  }

  list(): readonly CatalogEntry[] {
    const { state } = this.registry;
    if (state.status !== 'ready') return [];
    const { name, version } = state.model.manifest;
    return [{ name, version, state: 'READY', reason: '' }];
  }

  isReady(): boolean {
    return this.registry.state.status === 'ready';
  }

  async load(name: string): Promise<void> {
    this.find(name);
    await this.registry.load();
  }

  unload(): Promise<void> {
    return Promise.reject(new Error('not yet'));
  }
}
