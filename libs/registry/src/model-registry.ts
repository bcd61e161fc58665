import { basename, dirname, join } from 'node:path';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { FeaturePipeline } from '#features';
import { ChildTaskError, SerialQueue } from '#kit';
import {
  fileStamp,
  FolderWatch,
  locateChampion,
  ModelNotFoundError,
  ModelNotReadyError,
  type ModelsFolder,
  NoDefaultModelError,
  NoPipelineError,
  readAliases,
  readManifest,
  readModelsFolder,
  readRollout,
  type Rollout,
  versionStamp,
} from '#bundle';
import { DefaultModel, type ModelState } from './default-model.js';
import { ModelEntry, type VersionState } from './model-entry.js';
import type { LoadedModel, ServedModel } from '#runtime';
import { type Arm, type Lease, LeasedVersion } from './lease.js';
import { openModel } from './open-model.js';
import { identityOf } from './proof/proof.js';
import type { Rolling } from './rolling.js';
import { REGISTRY_OPTIONS, type RegistryOptions } from './registry.options.js';
import { ModelSources } from './source/model-sources.js';

const ENGINES = { kernel: 'the kernel', onnxruntime: 'ONNX Runtime' } as const;

/** A version in the models folder, and whether it can answer. */
export interface ListedVersion {
  readonly name: string;
  readonly version: string;
  readonly aliases: readonly string[];
  readonly state: VersionState;
}

/**
 * Loads model bundles, proves them, and hands out those that serve: the versions that an alias names, or all.
 *
 * What the folder holds is compared with what is loaded, at boot, on request, and every so often: a moved alias or a new
 * version is proven before it takes over, and the one before is drained. If it fails, the one before goes on serving.
 */
@Injectable()
export class ModelRegistry<Contract = unknown> implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(ModelRegistry.name);
  private readonly models = new Map<string, ModelEntry>();
  private readonly defaultModel = new DefaultModel();
  private readonly leased = new WeakMap<LoadedModel, LeasedVersion<Contract | undefined>>();
  private readonly work = new SerialQueue();
  private loading: Promise<unknown> = Promise.resolve();
  private isStopped = false;
  private readonly folder = new FolderWatch();
  private timer?: NodeJS.Timeout;
  private readonly sources?: ModelSources;
  private changes = 0;
  private hasSynced = false;
  private rollouts: ReadonlyMap<string, Rolling> = new Map();
  /** Folders that are no models, as they were reported. */
  private ignored: ReadonlyMap<string, string> = new Map();

  constructor(
    @Inject(REGISTRY_OPTIONS) private readonly options: RegistryOptions<Contract>,
    @Inject(FeaturePipeline) private readonly pipeline: FeaturePipeline,
  ) {
    this.sources = options.source && new ModelSources(options.source);
  }

  /** Grows whenever a version becomes ready, fails or leaves. */
  get revision(): number {
    return this.changes;
  }

  /** The default model's. */
  get state(): ModelState {
    return this.defaultModel.state;
  }

  /** Whether the default model serves; where none is named, whether any does. */
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
    return withPipeline(this.defaultModel.model);
  }

  /**
   * @param version a version or an alias; the champion when not given
   * @throws ModelNotFoundError when there is none
   * @throws ModelNotReadyError when it cannot answer now
   * @throws VersionNotLoadedError when no alias names the version
   */
  find(name: string, version = 'champion'): LoadedModel {
    const entry = this.models.get(name);
    if (entry) return entry.find(version);
    if (this.state.status === 'loading') throw new ModelNotReadyError('The models are being loaded');
    const known = [...this.models.keys()].join(', ') || 'none';
    throw new ModelNotFoundError(`There is no model "${name}"; there are: ${known}`);
  }

  /** As {@link find}, for rows. @throws NoPipelineError when the model takes tensors */
  findServed(name: string, version?: string): ServedModel {
    return withPipeline(this.find(name, version));
  }

  /**
   * Holds a version for a request, from its first byte to its last: it answers and is not freed before the lease is released.
   *
   * @param name the default model when not given
   * @param version a version or an alias; the champion when not given
   * @param key who asks, always in the same words: needed only while {@link isRolling}, and where no version is named
   * @throws NoDefaultModelError, and as {@link find}
   */
  lease(name?: string, version?: string, key?: string): Lease<LoadedModel, Contract | undefined> {
    if (key !== undefined && version === undefined) return this.leaseRouted(this.routed(name, key));
    const model = name === undefined ? this.defaultModel.model : this.find(name, version);
    return this.leased.get(model)!.lease(model);
  }

  /** As {@link lease}, for rows. @throws NoPipelineError when the model takes tensors */
  leaseServed(name?: string, version?: string, key?: string): Lease<ServedModel, Contract> {
    if (key !== undefined && version === undefined) {
      return this.leaseRouted(withPipeline(this.routed(name, key))) as Lease<ServedModel, Contract>;
    }
    const model = name === undefined ? this.model : this.findServed(name, version);
    return (this.leased.get(model) as LeasedVersion<Contract>).lease(model);
  }

  /** Whether a rollout of any model is under way. */
  get isRolling(): boolean {
    return this.rollouts.size > 0;
  }

  /** The rollouts that are under way, by model. */
  get rolling(): ReadonlyMap<string, Rolling> {
    return this.rollouts;
  }

  /** The last rollout of each model that ever had one, as this process has seen it. */
  get lastRollouts(): (Rollout & { readonly model: string })[] {
    return [...this.models.values()].flatMap(({ name, rollout }) => (rollout ? [{ ...rollout, model: name }] : []));
  }

  private routed(name: string | undefined, key: string): LoadedModel {
    const model = name === undefined ? this.defaultModel.model : this.find(name);
    return this.models.get(model.manifest.name)?.rolling ? this.models.get(model.manifest.name)!.routed(key) : model;
  }

  private leaseRouted<Model extends LoadedModel>(model: Model): Lease<Model, Contract | undefined> {
    const { name, version } = model.manifest;
    const rollout = this.rollouts.get(name)?.rollout;
    const arm: Arm | undefined = rollout && { model: name, version, rollout: rollout.id, epoch: rollout.epoch };
    return this.leased.get(model)!.lease(model, arm);
  }

  /** What callers must send to a loaded model. */
  contractOf(model: ServedModel): Contract {
    return this.leased.get(model)!.contract as Contract;
  }

  /** Every version of every model in the folder. */
  list(): ListedVersion[] {
    return [...this.models.values()].flatMap((entry) =>
      [...entry.versions].map(([version, state]) => ({
        name: entry.name,
        version,
        aliases: entry.aliasesOf(version),
        state,
      })),
    );
  }

  /** Why champions other than the default model's could not take over, or sources not be read; empty when all is well. */
  get failures(): string[] {
    const others = [...this.models.values()].filter(({ champion }) => !this.defaultModel.is(champion));
    return [...(this.sources?.failures ?? []), ...others.flatMap((entry) => entry.championFailure ?? [])];
  }

  /**
   * Which models should answer, by name, and whether they do. That of the default model is empty while neither it nor the
   * folder names it.
   */
  get readiness(): Map<string, boolean> {
    const due = [...this.models.values()].filter(({ isDue }) => isDue);
    const ready = new Map(due.map(({ name, champion }) => [name, champion !== undefined]));
    const { state } = this;
    if (state.status === 'ready') return ready.set(state.model.manifest.name, true);
    if (state.status === 'undecided') return ready;
    const isNamed = this.options.defaultModel === undefined && [...ready.values()].includes(false);
    return isNamed ? ready : ready.set(this.options.defaultModel ?? '', false);
  }

  /** Starts loading and returns: the server answers its probes meanwhile. */
  onModuleInit(): void {
    void this.load().then(() => this.watch());
  }

  /** Compares with the folder and loads what is due, also what failed before. */
  load(): Promise<ModelState> {
    const loaded = this.readSources().then(() => this.work.run(() => this.sync(true)));
    this.loading = loaded.catch(() => undefined);
    return loaded;
  }

  /**
   * Loads a model, or tries it again.
   *
   * @param version one that no alias names, to be loaded beside the others
   * @throws ModelNotFoundError when there is no such model
   * @throws ModelNotReadyError with the reason when it cannot be loaded
   */
  async loadModel(name: string, version?: string): Promise<void> {
    const entry = this.models.get(name);
    if (entry) entry.isUnloaded = false;
    if (version !== undefined) entry?.pinned.add(version);
    await this.load();
    try {
      this.find(name, version);
    } catch (error) {
      if (version !== undefined) entry?.pinned.delete(version);
      throw error;
    }
    const failure = version === undefined ? this.models.get(name)?.championFailure : undefined;
    if (failure !== undefined) throw new ModelNotReadyError(failure);
  }

  /** Drains a model and frees it; it stays unloaded until it is loaded again. @throws ModelNotFoundError */
  async unloadModel(name: string): Promise<void> {
    const entry = this.models.get(name);
    if (!entry) throw new ModelNotFoundError(`There is no model "${name}"`);
    entry.isUnloaded = true;
    entry.pinned.clear();
    await this.load();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.sources?.close();
    this.options.prover?.close();
    await this.loading;
    await this.work.run(() => Promise.resolve());
    clearTimeout(this.timer);
    await Promise.all([...this.models.values()].flatMap(({ loaded }) => loaded.map((model) => model.close())));
  }

  /** Polls: notifications of file systems get lost on network volumes and with Kubernetes' swapped links. */
  private watch(): void {
    const { watchSeconds = 0 } = this.options;
    if (watchSeconds === 0) return;
    if (this.isStopped) return;
    this.timer = setTimeout(() => void this.look().then(() => this.watch()), watchSeconds * 1_000);
    this.timer.unref();
  }

  private async look(): Promise<void> {
    if (this.sources?.isDue) void this.readSources();
    await this.work.run(async () => {
      const entries = [...this.models.values()];
      const failed = entries.flatMap((entry) => entry.failedIn(join(this.directory, entry.name)));
      const hasChanged = await this.folder.hasChanged(this.directory, failed);
      if (hasChanged || entries.some(({ hasRetry }) => hasRetry)) await this.sync(false);
    });
  }

  /** @param retry also what failed before and has not changed since */
  private async sync(retry: boolean): Promise<ModelState> {
    const { defaultModel, observer } = this.options;
    const { directory } = this;
    const isReading = this.sources?.isReading ?? false;
    let folder: ModelsFolder | undefined;
    let champion: string | undefined;
    let undecided: readonly string[] | undefined;
    let failure: string | undefined;
    try {
      folder = await readModelsFolder(directory);
      this.tellIgnored(folder);
      // While sources are being read, the only model of now need not stay the only one.
      if (!isReading || defaultModel !== undefined) {
        champion = basename(dirname(await locateChampion(directory, defaultModel, folder)));
      }
    } catch (error) {
      if (error instanceof NoDefaultModelError) undecided = error.models;
      else failure = this.sources?.failures[0] ?? (error as Error).message;
    }
    const names = this.namesIn(folder);
    for (const name of names.sort((a, b) => Number(b === champion) - Number(a === champion))) {
      await this.syncModel(name, folder?.models.get(name) ?? [], name === champion, retry);
    }
    for (const entry of this.models.values()) if (!names.includes(entry.name)) this.forget(entry);
    this.rollouts = new Map(
      [...this.models.values()].flatMap(({ name, rolling }) => (rolling ? [[name, rolling] as const] : [])),
    );
    this.hasSynced = true;
    const entry = champion === undefined ? undefined : this.models.get(champion);
    if (entry) this.publishEntry(entry);
    if (undecided && this.publishUndecided(undecided)) {
      this.logger.warn(
        `${new NoDefaultModelError(undecided).message}. /predict needs DEFAULT_MODEL, or models.default`,
      );
    }
    if (failure !== undefined && !isReading && this.publish(undefined, failure)) {
      this.logger.error(failure);
      observer?.loaded(defaultModel ?? '', 'failure');
    }
    return this.state;
  }

  /** Those in the folder, and those that were there and cannot be read now; all from before where nothing can be. */
  private namesIn(folder: ModelsFolder | undefined): string[] {
    const known = [...this.models.keys()];
    if (!folder) return known;
    return [...folder.models.keys(), ...known.filter((name) => folder.ignored.has(name))];
  }

  /** Once for each, as long as it stays what it is. */
  private tellIgnored({ ignored }: ModelsFolder): void {
    for (const [name, why] of ignored) {
      if (this.ignored.get(name) !== why) this.logger.log(`${join(this.directory, name)} is no model: it ${why}`);
    }
    this.ignored = ignored;
  }

  /** Where the models lie. */
  private get directory(): string {
    return this.sources?.directory ?? this.options.directory;
  }

  /** Fetches from all sources. What one of them brings is loaded at once, whatever the others do. */
  private async readSources(): Promise<void> {
    const { sources } = this;
    const reported = new Set(sources?.failures);
    await sources?.refresh(() => {
      for (const failure of sources.failures) if (!reported.has(failure)) this.logger.error(failure);
      for (const failure of sources.failures) reported.add(failure);
      void this.work.run(() => this.sync(false));
    });
  }

  private async syncModel(name: string, listed: readonly string[], isDefault: boolean, retry: boolean): Promise<void> {
    const { directory } = this;
    let entry = this.models.get(name);
    if (!entry) this.models.set(name, (entry = new ModelEntry(name)));
    try {
      entry.aliases = (await readAliases(directory, name)) ?? {};
      entry.rollout = await readRollout(directory, name);
      entry.failure = undefined;
    } catch (error) {
      entry.rollout = undefined;
      entry.failure = (error as Error).message;
    }
    const served = entry.champion;
    // While the folder does not tell the default model, the one that answers goes on by what takes its place.
    const isAnswering = isDefault || this.defaultModel.is(served);
    const replaced: LoadedModel[] = [];
    const wanted = entry.wanted(this.options.load === 'all' ? listed : entry.pinned);
    for (const version of wanted) {
      const before = await this.open(entry, version, retry);
      if (before) replaced.push(before);
      if (version !== entry.aliases.champion) continue;
      const state = entry.versions.get(version);
      if (state?.status === 'ready') entry.champion = state.model;
      if (isAnswering) this.publishEntry(entry);
    }
    if (entry.isUnloaded) entry.champion = undefined;
    if (isAnswering) this.publishEntry(entry);
    const gone = new Set(entry.keepOnly(wanted, listed));
    entry.roll();
    for (const model of [...replaced, ...(served ? [served] : [])]) {
      if (model !== entry.champion && !entry.loaded.includes(model)) gone.add(model);
    }
    for (const model of gone) this.close(model);
  }

  /** @returns the model that answered as this version, where another has taken its place under the same number */
  private async open(entry: ModelEntry, version: string, retry: boolean): Promise<LoadedModel | undefined> {
    const directory = join(this.directory, entry.name, version);
    const before = entry.versions.get(version);
    const manifestStamp = await fileStamp(join(directory, 'manifest.json'));
    if (before?.status === 'ready') {
      if (manifestStamp === undefined || manifestStamp === before.stamp) return undefined;
      const manifest = await readManifest(directory).catch(() => undefined);
      if (manifest && identityOf(manifest) === identityOf(before.model.manifest)) {
        entry.versions.set(version, { ...before, stamp: manifestStamp });
        return undefined;
      }
    }
    const replaced = before?.status === 'ready' ? before.model : undefined;
    const stamp = await versionStamp(directory);
    if (this.isStopped || (before?.status === 'failed' && !retry && before.stamp === stamp)) return undefined;
    if (!replaced) entry.versions.set(version, { status: 'loading' });
    this.changes++;
    const started = performance.now();
    try {
      const model = await openModel(directory, this.pipeline, this.options);
      this.leased.set(model, new LeasedVersion(model, await this.contractFor(model)));
      entry.versions.set(version, { status: 'ready', model, stamp: manifestStamp });
      this.options.observer?.loaded(entry.name, 'success');
      const proof = model.kind === 'pipeline' ? `${model.parity.rows} golden rows reproduced` : 'tensors as they are';
      this.logger.log(`${directory} is ready: ${proof}, ${Math.round(performance.now() - started)} ms`);
      const { engine, engine_reason, isRefused } = model.choice;
      this.logger[isRefused ? 'warn' : 'log'](`${directory} is computed by ${ENGINES[engine]}: ${engine_reason}`);
    } catch (error) {
      const failure = inWords(error as Error, directory);
      // Where there was no process to prove it, another time there may be.
      const again = error instanceof ChildTaskError ? '' : stamp;
      entry.versions.set(version, { status: 'failed', failure, stamp: again });
      this.options.observer?.loaded(entry.name, 'failure');
      this.logger.error(failure);
    }
    this.changes++;
    return replaced;
  }

  /** @throws what `contractOf` throws, when the model is closed: nobody else will */
  private async contractFor(model: LoadedModel): Promise<Contract | undefined> {
    try {
      return model.kind === 'pipeline' ? this.options.contractOf?.(model) : undefined;
    } catch (error) {
      await model.close();
      throw error;
    }
  }

  private forget(entry: ModelEntry): void {
    for (const model of entry.loaded) if (!this.defaultModel.is(model)) this.close(model);
    this.models.delete(entry.name);
  }

  private close(model: LoadedModel): void {
    this.changes++;
    const closed = this.leased.get(model)!.close();
    closed.catch((error: Error) => this.logger.error(error));
  }

  private publishEntry({ champion, championFailure, isUnloaded }: ModelEntry): void {
    this.publish(champion, championFailure, !isUnloaded);
  }

  private publishUndecided(models: readonly string[]): boolean {
    if (!this.defaultModel.publishUndecided(models)) return false;
    this.changes++;
    return true;
  }

  /** The first time only when all models have been tried: a server that says it is ready has them. */
  private publish(...to: Parameters<DefaultModel['publish']>): boolean {
    if (!this.hasSynced || !this.defaultModel.publish(...to)) return false;
    this.changes++;
    return true;
  }
}

const inWords = (error: Error, directory: string): string =>
  error instanceof ChildTaskError
    ? `${directory}: the process to prove it ${error.message}. It is tried again.`
    : error.message;

function withPipeline(model: LoadedModel): ServedModel {
  if (model.kind === 'pipeline') return model;
  throw new NoPipelineError(model.manifest.name);
}
