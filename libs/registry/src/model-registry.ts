import { basename, dirname } from 'node:path';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { FeaturePipeline } from '#features';
import { locateChampion } from './bundle/locate-bundle.js';
import { readBundle } from './bundle/read-bundle.js';
import { ModelNotReadyError } from './inference.errors.js';
import { REGISTRY_OPTIONS, type RegistryOptions } from './registry.options.js';
import { ServedModel } from './served-model.js';

/** Whether the required model can answer, and if not, why. */
export type ModelState =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly model: ServedModel; readonly failure?: string }
  | { readonly status: 'failed'; readonly failure: string };

/** Loads model bundles, proves them, and hands out the one that serves. */
@Injectable()
export class ModelRegistry implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(ModelRegistry.name);
  private current: ModelState = { status: 'loading' };
  private loads: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(REGISTRY_OPTIONS) private readonly options: RegistryOptions,
    @Inject(FeaturePipeline) private readonly pipeline: FeaturePipeline,
  ) {}

  get state(): ModelState {
    return this.current;
  }

  /**
   * The model that serves.
   *
   * @throws ModelNotReadyError with the reason while there is none
   */
  get model(): ServedModel {
    if (this.current.status === 'ready') return this.current.model;
    throw new ModelNotReadyError(
      this.current.status === 'loading' ? 'The model is being loaded' : this.current.failure,
    );
  }

  /** Starts loading and returns: the server answers its probes meanwhile. */
  onModuleInit(): void {
    void this.load();
  }

  /**
   * Loads the champion. The version that served until then is dropped only after the new one is proven; if the new
   * one fails, the old one goes on serving. Loads that are asked for meanwhile follow one after the other.
   */
  load(): Promise<ModelState> {
    const load = this.loads.then(() => this.loadChampion());
    this.loads = load;
    return load;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loads;
    if (this.current.status === 'ready') await this.current.model.close();
  }

  private async loadChampion(): Promise<ModelState> {
    const before = this.current.status === 'ready' ? this.current.model : undefined;
    const { directory: models, defaultModel, observer } = this.options;
    let name = defaultModel ?? '';
    try {
      const started = performance.now();
      const directory = await locateChampion(models, defaultModel);
      name = basename(dirname(directory));
      const bundle = await readBundle(directory);
      const model = await ServedModel.open(bundle, this.pipeline, this.options);
      this.current = { status: 'ready', model };
      observer?.loaded(name, 'success');
      this.logger.log(
        `${bundle.directory} is ready: ${model.parity.rows} golden rows reproduced, ${Math.round(performance.now() - started)} ms`,
      );
      before?.close().catch((error: Error) => this.logger.error(error));
    } catch (error) {
      const failure = (error as Error).message;
      this.logger.error(failure);
      observer?.loaded(name, 'failure');
      this.current = before ? { status: 'ready', model: before, failure } : { status: 'failed', failure };
    }
    return this.current;
  }
}
