import { basename, dirname, join } from 'node:path';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { FeaturePipeline } from '#features';
import { listVersions, versionStamp } from './bundle/list-versions.js';
import { listModels, locateChampion, readAliases } from './bundle/locate-bundle.js';
import { ModelNotFoundError, ModelNotReadyError, NoPipelineError } from './inference.errors.js';
import { ModelEntry, type VersionState } from './model-entry.js';
import { type LoadedModel, openModel } from './open-model.js';
import { REGISTRY_OPTIONS, type RegistryOptions } from './registry.options.js';
import type { ServedModel } from './served-model.js';
import { ModelSources } from './source/model-sources.js';

/** Whether the default model can answer, and if not, why. */
export type ModelState =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly model: LoadedModel; readonly failure?: string }
  | { readonly status: 'failed'; readonly failure: string };

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
export class ModelRegistry implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(ModelRegistry.name);
  private readonly models = new Map<string, ModelEntry>();
  private current: ModelState = { status: 'loading' };
  private work: Promise<unknown> = Promise.resolve();
  private timer?: NodeJS.Timeout;
  private readonly sources?: ModelSources;
  private sourcesRead = -Infinity;
  private sourceFailures: readonly string[] = [];
  private changes = 0;
  private hasSynced = false;

  constructor(
    @Inject(REGISTRY_OPTIONS) private readonly options: RegistryOptions,
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
    return this.current;
  }

  /**
   * The default model.
   *
   * @throws ModelNotReadyError with the reason while there is none
   * @throws NoPipelineError when it takes tensors, not rows
   */
  get model(): ServedModel {
    if (this.current.status === 'ready') return withPipeline(this.current.model);
    throw new ModelNotReadyError(
      this.current.status === 'loading' ? 'The model is being loaded' : this.current.failure,
    );
  }

  /**
   * @param version a version or an alias; the champion when not given
   * @throws ModelNotFoundError when there is none
   * @throws ModelNotReadyError when it cannot answer now
   */
  find(name: string, version = 'champion'): LoadedModel {
    const entry = this.models.get(name);
    if (!entry) {
      if (this.current.status === 'loading') throw new ModelNotReadyError('The models are being loaded');
      const known = [...this.models.keys()].join(', ') || 'none';
      throw new ModelNotFoundError(`There is no model "${name}"; there are: ${known}`);
    }
    if (version === 'champion') {
      if (entry.champion) return entry.champion;
      throw new ModelNotReadyError(entry.championFailure ?? `The model ${name} is being loaded`);
    }
    const named = entry.aliases[version as 'challenger'] ?? version;
    const state = entry.versions.get(named);
    if (!state) {
      const known = [...entry.versions.keys(), ...Object.keys(entry.aliases)].join(', ') || 'none';
      throw new ModelNotFoundError(`Model "${name}" has no version or alias "${version}"; it has: ${known}`);
    }
    if (state.status === 'ready') return state.model;
    throw new ModelNotReadyError(reasonOf(name, named, state));
  }

  /** As {@link find}, for rows. @throws NoPipelineError when the model takes tensors */
  findServed(name: string, version?: string): ServedModel {
    return withPipeline(this.find(name, version));
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
    const others = [...this.models.values()].filter((entry) => !this.isDefault(entry));
    return [...this.sourceFailures, ...others.flatMap((entry) => entry.championFailure ?? [])];
  }

  /**
   * Which models should answer, by name, and whether they do. That of the default model is empty while neither it nor the
   * folder names it.
   */
  get readiness(): Map<string, boolean> {
    const due = [...this.models.values()].filter(({ isDue }) => isDue);
    const ready = new Map(due.map(({ name, champion }) => [name, champion !== undefined]));
    const { current } = this;
    if (current.status === 'ready') return ready.set(current.model.manifest.name, true);
    const isNamed = this.options.defaultModel === undefined && [...ready.values()].includes(false);
    return isNamed ? ready : ready.set(this.options.defaultModel ?? '', false);
  }

  /** Starts loading and returns: the server answers its probes meanwhile. */
  onModuleInit(): void {
    void this.load().then(() => this.watch());
  }

  /** Compares with the folder and loads what is due, also what failed before. */
  load(): Promise<ModelState> {
    return this.queue(() => this.sync(true));
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
    clearTimeout(this.timer);
    this.sources?.close();
    await this.queue(() => Promise.resolve());
    clearTimeout(this.timer);
    await Promise.all([...this.models.values()].flatMap((entry) => this.loadedOf(entry).map((model) => model.close())));
  }

  private queue<T>(task: () => Promise<T>): Promise<T> {
    const result = this.work.then(task);
    this.work = result.catch(() => undefined);
    return result;
  }

  /** Polls: notifications of file systems get lost on network volumes and with Kubernetes' swapped links. */
  private watch(): void {
    const { watchSeconds = 0 } = this.options;
    if (watchSeconds === 0) return;
    this.timer = setTimeout(
      () => void this.queue(() => this.sync(false)).then(() => this.watch()),
      watchSeconds * 1_000,
    );
    this.timer.unref();
  }

  /** @param retry also what failed before and has not changed since */
  private async sync(retry: boolean): Promise<ModelState> {
    const { defaultModel, observer } = this.options;
    await this.readSources(retry);
    const { directory } = this;
    let champion: string | undefined;
    let failure: string | undefined;
    try {
      champion = basename(dirname(await locateChampion(directory, defaultModel)));
    } catch (error) {
      failure = this.sourceFailures[0] ?? (error as Error).message;
    }
    const names = await listModels(directory).catch(() => [...this.models.keys()]);
    for (const name of names.sort((a, b) => Number(b === champion) - Number(a === champion))) {
      await this.syncModel(name, name === champion, retry);
    }
    for (const entry of this.models.values()) if (!names.includes(entry.name)) this.forget(entry);
    this.hasSynced = true;
    const standard = champion === undefined ? undefined : this.models.get(champion);
    if (standard) this.publishEntry(standard);
    if (failure !== undefined && this.publish(undefined, failure)) {
      this.logger.error(failure);
      observer?.loaded(defaultModel ?? '', 'failure');
    }
    return this.current;
  }

  /** Where the models lie. */
  private get directory(): string {
    return this.sources?.directory ?? this.options.directory;
  }

  /** @param now even if it is not yet time to */
  private async readSources(now: boolean): Promise<void> {
    if (!this.sources) return;
    const { seconds } = this.options.source!;
    const isDue = seconds > 0 && performance.now() - this.sourcesRead >= seconds * 1_000;
    if (!now && !isDue) return;
    const before = this.sourceFailures;
    this.sourceFailures = await this.sources.refresh();
    this.sourcesRead = performance.now();
    for (const failure of this.sourceFailures) if (!before.includes(failure)) this.logger.error(failure);
  }

  private async syncModel(name: string, isDefault: boolean, retry: boolean): Promise<void> {
    const { directory } = this;
    let entry = this.models.get(name);
    if (!entry) this.models.set(name, (entry = new ModelEntry(name)));
    try {
      entry.aliases = (await readAliases(directory, name)) ?? {};
      entry.failure = undefined;
    } catch (error) {
      entry.failure = (error as Error).message;
    }
    const listed = await listVersions(join(directory, name));
    const wanted = this.wantedOf(entry, listed);
    for (const version of wanted) {
      await this.open(entry, version, retry);
      if (version !== entry.aliases.champion) continue;
      const state = entry.versions.get(version)!;
      if (state.status === 'ready') entry.champion = state.model;
      if (isDefault) this.publishEntry(entry);
    }
    if (entry.isUnloaded) entry.champion = undefined;
    if (isDefault) this.publishEntry(entry);
    this.dropUnwanted(entry, listed, wanted);
  }

  /** What should be loaded, the champion first. */
  private wantedOf({ aliases, pinned, isUnloaded }: ModelEntry, listed: readonly string[]): string[] {
    if (isUnloaded) return [];
    const others = this.options.load === 'all' ? listed : pinned;
    const named = [aliases.champion, aliases.challenger].filter((version) => version !== undefined);
    return [...new Set([...named, ...others])];
  }

  private async open(entry: ModelEntry, version: string, retry: boolean): Promise<void> {
    const directory = join(this.directory, entry.name, version);
    const before = entry.versions.get(version);
    if (before?.status === 'ready') return;
    const stamp = await versionStamp(directory);
    if (before?.status === 'failed' && !retry && before.stamp === stamp) return;
    entry.versions.set(version, { status: 'loading' });
    this.changes++;
    const started = performance.now();
    try {
      const model = await openModel(directory, this.pipeline, this.options);
      entry.versions.set(version, { status: 'ready', model });
      this.options.observer?.loaded(entry.name, 'success');
      const proof = model.kind === 'pipeline' ? `${model.parity.rows} golden rows reproduced` : 'tensors as they are';
      this.logger.log(`${directory} is ready: ${proof}, ${Math.round(performance.now() - started)} ms`);
    } catch (error) {
      const failure = (error as Error).message;
      entry.versions.set(version, { status: 'failed', failure, stamp });
      this.options.observer?.loaded(entry.name, 'failure');
      this.logger.error(failure);
    }
    this.changes++;
  }

  /** Drains what is loaded and no longer wanted, and forgets what is no longer there. */
  private dropUnwanted(entry: ModelEntry, listed: readonly string[], wanted: readonly string[]): void {
    const served = entry.champion?.manifest.version;
    const states = new Map(entry.versions);
    entry.versions.clear();
    for (const version of [...new Set([...listed, ...states.keys()])].sort((a, b) => Number(a) - Number(b))) {
      const state = states.get(version);
      if (state && (wanted.includes(version) || version === served)) {
        entry.versions.set(version, state);
        continue;
      }
      if (listed.includes(version)) entry.versions.set(version, { status: 'unloaded' });
      if (state?.status === 'ready') this.close(state.model);
    }
  }

  private forget(entry: ModelEntry): void {
    for (const model of this.loadedOf(entry)) if (!this.isCurrent(model)) this.close(model);
    this.models.delete(entry.name);
  }

  private close(model: LoadedModel): void {
    this.changes++;
    model.close().catch((error: Error) => this.logger.error(error));
  }

  private loadedOf({ versions }: ModelEntry): LoadedModel[] {
    return [...versions.values()].flatMap((state) => (state.status === 'ready' ? [state.model] : []));
  }

  private isCurrent(model: LoadedModel): boolean {
    return this.current.status === 'ready' && this.current.model === model;
  }

  private isDefault({ champion }: ModelEntry): boolean {
    return champion !== undefined && this.isCurrent(champion);
  }

  private publishEntry({ champion, championFailure, isUnloaded }: ModelEntry): void {
    this.publish(champion, championFailure, !isUnloaded);
  }

  /**
   * Makes the state of the default model known; the first time only when all models have been tried, so that a server
   * that says it is ready has them.
   *
   * @param keepBefore where there is no model, the one before goes on
   * @returns whether anything has changed
   */
  private publish(model: LoadedModel | undefined, failure: string | undefined, keepBefore = true): boolean {
    if (!this.hasSynced) return false;
    const before = this.current;
    const serving = model ?? (keepBefore && before.status === 'ready' ? before.model : undefined);
    const [served, reason] =
      before.status === 'ready' ? [before.model, before.failure] : [undefined, 'failure' in before && before.failure];
    if (before.status !== 'loading' && serving === served && failure === reason) return false;
    this.changes++;
    this.current = serving
      ? { status: 'ready', model: serving, ...(failure !== undefined && { failure }) }
      : { status: 'failed', failure: failure! };
    return true;
  }
}

function withPipeline(model: LoadedModel): ServedModel {
  if (model.kind === 'pipeline') return model;
  throw new NoPipelineError(model.manifest.name);
}

function reasonOf(name: string, version: string, state: Exclude<VersionState, { status: 'ready' }>): string {
  if (state.status === 'failed') return state.failure;
  if (state.status === 'loading') return `Version ${version} of ${name} is being loaded`;
  return `Version ${version} of ${name} is not loaded: no alias names it; models.load: all loads every version`;
}
