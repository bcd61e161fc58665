import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ModelNotFoundError, ModelNotReadyError, NoPipelineError, type Rollout } from '#bundle';
import { FeaturePipeline } from '#features';
import type { LoadedModel, ServedModel } from '#runtime';
import type { ModelState } from './default-model.js';
import { FolderSync } from './folder-sync.js';
import type { Arm, Lease, LeasedVersion } from './lease.js';
import { LoadedModels } from './loaded-models.js';
import type { VersionState } from './model-entry.js';
import { REGISTRY_OPTIONS, type RegistryOptions } from './registry.options.js';
import type { Rolling } from './rolling.js';

/** A version in the models folder, and its state. */
export interface ListedVersion {
  readonly name: string;
  readonly version: string;
  readonly aliases: readonly string[];
  readonly state: VersionState;
}

/** Gives access to the loaded models: those that an alias names, or all. {@link FolderSync} loads and proves them. */
@Injectable()
export class ModelRegistry<Contract = unknown> implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(ModelRegistry.name);
  private readonly loaded = new LoadedModels<Contract>();
  private readonly sync: FolderSync<Contract>;

  constructor(
    @Inject(REGISTRY_OPTIONS) private readonly options: RegistryOptions<Contract>,
    @Inject(FeaturePipeline) pipeline: FeaturePipeline,
  ) {
    this.sync = new FolderSync(options, pipeline, this.loaded, this.logger);
  }

  /** Grows whenever a version becomes ready, fails or is unloaded. */
  get revision(): number {
    return this.loaded.revision;
  }

  /** The default model's state. */
  get state(): ModelState {
    return this.loaded.defaultModel.state;
  }

  /** Whether the default model can serve; without a default, whether any can. */
  get isReady(): boolean {
    const { status } = this.state;
    return status === 'ready' || (status === 'undecided' && [...this.readiness.values()].includes(true));
  }

  /**
   * The default model.
   *
   * @throws ModelNotReadyError with the reason while there is none
   * @throws NoDefaultModelError when none of several is named
   * @throws NoPipelineError when it takes tensors, not rows
   */
  get model(): ServedModel {
    return withPipeline(this.loaded.defaultModel.model);
  }

  /**
   * @param version a version or an alias; the champion when not given
   * @throws ModelNotFoundError when there is none
   * @throws ModelNotReadyError when it cannot answer now
   * @throws VersionNotLoadedError when no alias names the version
   */
  find(name: string, version = 'champion'): LoadedModel {
    const entry = this.loaded.models.get(name);
    if (entry) return entry.find(version);
    if (this.state.status === 'loading') throw new ModelNotReadyError('The models are being loaded');
    const known = [...this.loaded.models.keys()].join(', ') || 'none';
    throw new ModelNotFoundError(`There is no model "${name}"; there are: ${known}`);
  }

  /** As {@link find}, for rows. @throws NoPipelineError when the model takes tensors */
  findServed(name: string, version?: string): ServedModel {
    return withPipeline(this.find(name, version));
  }

  /**
   * Leases a version for a request, from its first byte to its last: it stays open until the lease is released.
   *
   * @param name the default model when not given
   * @param version a version or an alias; the champion when not given
   * @param key identifies the caller, always in the same form: needed only while {@link isRolling}, without a version
   * @throws NoDefaultModelError, and as {@link find}
   */
  lease(name?: string, version?: string, key?: string): Lease<LoadedModel, Contract | undefined> {
    if (key !== undefined && version === undefined) return this.leaseRouted(this.routed(name, key));
    const model = name === undefined ? this.loaded.defaultModel.model : this.find(name, version);
    return this.loaded.leased.get(model)!.lease(model);
  }

  /** As {@link lease}, for rows. @throws NoPipelineError when the model takes tensors */
  leaseServed(name?: string, version?: string, key?: string): Lease<ServedModel, Contract> {
    if (key !== undefined && version === undefined) {
      return this.leaseRouted(withPipeline(this.routed(name, key))) as Lease<ServedModel, Contract>;
    }
    const model = name === undefined ? this.model : this.findServed(name, version);
    return (this.loaded.leased.get(model) as LeasedVersion<Contract>).lease(model);
  }

  /** Whether a rollout of any model is in progress. */
  get isRolling(): boolean {
    return this.loaded.rollouts.size > 0;
  }

  /** The rollouts in progress, by model. */
  get rolling(): ReadonlyMap<string, Rolling> {
    return this.loaded.rollouts;
  }

  /** The last rollout of each model that had one, as seen by this process. */
  get lastRollouts(): (Rollout & { readonly model: string })[] {
    return [...this.loaded.models.values()].flatMap(({ name, rollout }) =>
      rollout ? [{ ...rollout, model: name }] : [],
    );
  }

  private routed(name: string | undefined, key: string): LoadedModel {
    const model = name === undefined ? this.loaded.defaultModel.model : this.find(name);
    return this.loaded.models.get(model.manifest.name)?.rolling
      ? this.loaded.models.get(model.manifest.name)!.routed(key)
      : model;
  }

  private leaseRouted<Model extends LoadedModel>(model: Model): Lease<Model, Contract | undefined> {
    const { name, version } = model.manifest;
    const rollout = this.loaded.rollouts.get(name)?.rollout;
    const arm: Arm | undefined = rollout && { model: name, version, rollout: rollout.id, epoch: rollout.epoch };
    return this.loaded.leased.get(model)!.lease(model, arm);
  }

  /** The input contract of a loaded model. */
  contractOf(model: ServedModel): Contract {
    return this.loaded.leased.get(model)!.contract as Contract;
  }

  /** Every version of every model in the folder. */
  list(): ListedVersion[] {
    return [...this.loaded.models.values()].flatMap((entry) =>
      [...entry.versions].map(([version, state]) => ({
        name: entry.name,
        version,
        aliases: entry.aliasesOf(version),
        state,
      })),
    );
  }

  /**
   * Why champions of other than the default model could not take over, or sources not be read; empty when all is well.
   */
  get failures(): string[] {
    const others = [...this.loaded.models.values()].filter(({ champion }) => !this.loaded.defaultModel.is(champion));
    return [...this.sync.failures, ...others.flatMap((entry) => entry.championFailure ?? [])];
  }

  /**
   * The models that should serve, by name, and whether they do. The default model's name is empty while neither it nor
   * the folder gives one.
   */
  get readiness(): Map<string, boolean> {
    const due = [...this.loaded.models.values()].filter(({ isDue }) => isDue);
    const ready = new Map(due.map(({ name, champion }) => [name, champion !== undefined]));
    const { state } = this;
    if (state.status === 'ready') return ready.set(state.model.manifest.name, true);
    if (state.status === 'undecided') return ready;
    const isNamed = this.options.defaultModel === undefined && [...ready.values()].includes(false);
    return isNamed ? ready : ready.set(this.options.defaultModel ?? '', false);
  }

  /** Starts loading without waiting for it: the server answers its probes meanwhile. */
  onModuleInit(): void {
    void this.load().then(() => this.sync.watch());
  }

  /** Synchronises with the folder; also retries what failed before. */
  load(): Promise<ModelState> {
    return this.sync.load();
  }

  /**
   * Loads or reloads a model.
   *
   * @param version a version that no alias names, to load besides the others
   * @throws ModelNotFoundError when there is no such model
   * @throws ModelNotReadyError with the reason when it cannot be loaded
   */
  async loadModel(name: string, version?: string): Promise<void> {
    const entry = this.loaded.models.get(name);
    if (entry) entry.isUnloaded = false;
    if (version !== undefined) entry?.pinned.add(version);
    await this.load();
    try {
      this.find(name, version);
    } catch (error) {
      if (version !== undefined) entry?.pinned.delete(version);
      throw error;
    }
    const failure = version === undefined ? this.loaded.models.get(name)?.championFailure : undefined;
    if (failure !== undefined) throw new ModelNotReadyError(failure);
  }

  /** Drains a model and frees it; it stays unloaded until it is loaded again. @throws ModelNotFoundError */
  async unloadModel(name: string): Promise<void> {
    const entry = this.loaded.models.get(name);
    if (!entry) throw new ModelNotFoundError(`There is no model "${name}"`);
    entry.isUnloaded = true;
    entry.pinned.clear();
    await this.load();
  }

  async onApplicationShutdown(): Promise<void> {
    this.options.prover?.close();
    await this.sync.stop();
    await Promise.all([...this.loaded.models.values()].flatMap(({ loaded }) => loaded.map((model) => model.close())));
  }
}

function withPipeline(model: LoadedModel): ServedModel {
  if (model.kind === 'pipeline') return model;
  throw new NoPipelineError(model.manifest.name);
}
