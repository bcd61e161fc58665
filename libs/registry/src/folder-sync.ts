import { basename, dirname, join } from 'node:path';
import type { Logger } from '@nestjs/common';
import type { FeaturePipeline } from '#features';
import { ChildTaskError, SerialQueue } from '#kit';
import {
  fileStamp,
  FolderWatch,
  locateChampion,
  type ModelsFolder,
  NoDefaultModelError,
  readAliases,
  readManifest,
  readModelsFolder,
  readRollout,
  versionStamp,
} from '#bundle';
import type { DefaultModel, ModelState } from './default-model.js';
import { LeasedVersion } from './lease.js';
import type { LoadedModels } from './loaded-models.js';
import { ModelEntry } from './model-entry.js';
import type { LoadedModel } from '#runtime';
import { openModel } from './open-model.js';
import { identityOf } from './proof/identity.js';
import type { RegistryOptions } from './registry.options.js';
import { ModelSources } from './source/model-sources.js';

const ENGINES = { kernel: 'the kernel', onnxruntime: 'ONNX Runtime' } as const;

/**
 * Synchronises the loaded models with the models folder: at boot, on request, and periodically.
 *
 * A new champion or version is proven before it takes over, and the previous one is drained. If the proof fails, the
 * previous one keeps serving.
 */
export class FolderSync<Contract> {
  private readonly sources?: ModelSources;
  private readonly folder = new FolderWatch();
  private readonly work = new SerialQueue();
  private loading: Promise<unknown> = Promise.resolve();
  private timer?: NodeJS.Timeout;
  private isStopped = false;
  private hasSynced = false;
  /** Ignored folders that have been reported, and why. */
  private ignored: ReadonlyMap<string, string> = new Map();

  constructor(
    private readonly options: RegistryOptions<Contract>,
    private readonly pipeline: FeaturePipeline,
    private readonly loaded: LoadedModels<Contract>,
    private readonly logger: Logger,
  ) {
    this.sources = options.source && new ModelSources(options.source);
  }

  /** Why sources could not be read; empty when all is well. */
  get failures(): readonly string[] {
    return this.sources?.failures ?? [];
  }

  /** Fetches from the sources and synchronises; also retries what failed before. */
  load(): Promise<ModelState> {
    const loaded = this.readSources().then(() => this.work.run(() => this.sync(true)));
    this.loading = loaded.catch(() => undefined);
    return loaded;
  }

  /** Polls, because file system events get lost on network volumes and with Kubernetes' swapped links. */
  watch(): void {
    const { watchSeconds = 0 } = this.options;
    if (watchSeconds === 0) return;
    if (this.isStopped) return;
    this.timer = setTimeout(() => void this.poll().then(() => this.watch()), watchSeconds * 1_000);
    this.timer.unref();
  }

  /** Starts no new work, and resolves when current work is done. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.sources?.close();
    await this.loading;
    await this.work.run(() => Promise.resolve());
    clearTimeout(this.timer);
  }

  private async poll(): Promise<void> {
    if (this.sources?.isDue) void this.readSources();
    await this.work.run(async () => {
      const entries = [...this.loaded.models.values()];
      const failed = entries.flatMap((entry) => entry.failedIn(join(this.directory, entry.name)));
      const hasChanged = await this.folder.hasChanged(this.directory, failed);
      if (hasChanged || entries.some(({ hasRetry }) => hasRetry)) await this.sync(false);
    });
  }

  /** @param retry also load versions that failed and have not changed since */
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
      this.reportIgnored(folder);
      // While sources are being read, a single model need not stay the only one.
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
    for (const entry of this.loaded.models.values()) if (!names.includes(entry.name)) this.forget(entry);
    this.loaded.rollouts = new Map(
      [...this.loaded.models.values()].flatMap(({ name, rolling }) => (rolling ? [[name, rolling] as const] : [])),
    );
    this.hasSynced = true;
    const entry = champion === undefined ? undefined : this.loaded.models.get(champion);
    if (entry) this.publishEntry(entry);
    if (undecided && this.publishUndecided(undecided)) {
      this.logger.warn(
        `${new NoDefaultModelError(undecided).message}. Set models.default (DEFAULT_MODEL) so that /predict can answer`,
      );
    }
    if (failure !== undefined && !isReading && this.publish(undefined, failure)) {
      this.logger.error(failure);
      observer?.loaded(defaultModel ?? '', 'failure');
    }
    return this.loaded.defaultModel.state;
  }

  /**
   * The models in the folder, and known ones that cannot be read now; all known ones where the folder cannot be read.
   */
  private namesIn(folder: ModelsFolder | undefined): string[] {
    const known = [...this.loaded.models.keys()];
    if (!folder) return known;
    return [...folder.models.keys(), ...known.filter((name) => folder.ignored.has(name))];
  }

  /** Logs each reason once, until it changes. */
  private reportIgnored({ ignored }: ModelsFolder): void {
    for (const [name, why] of ignored) {
      if (this.ignored.get(name) !== why)
        this.logger.log(`${join(this.directory, name)} is ignored, because it ${why}`);
    }
    this.ignored = ignored;
  }

  /** The models folder: that of the sources, or the configured one. */
  private get directory(): string {
    return this.sources?.directory ?? this.options.directory;
  }

  /** Fetches from all sources concurrently; each is loaded as soon as it has been read. */
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
    let entry = this.loaded.models.get(name);
    if (!entry) this.loaded.models.set(name, (entry = new ModelEntry(name)));
    try {
      entry.aliases = (await readAliases(directory, name)) ?? {};
      entry.rollout = await readRollout(directory, name);
      entry.failure = undefined;
    } catch (error) {
      entry.rollout = undefined;
      entry.failure = (error as Error).message;
    }
    const served = entry.champion;
    // While the default is not determined, the model that serves is replaced by its own successor.
    const isAnswering = isDefault || this.loaded.defaultModel.is(served);
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

  /** @returns the model that served as this version, if another one has taken its number */
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
    this.loaded.revision++;
    const started = performance.now();
    try {
      const model = await openModel(directory, this.pipeline, this.options);
      this.loaded.leased.set(model, new LeasedVersion(model, await this.contractFor(model)));
      entry.versions.set(version, { status: 'ready', model, stamp: manifestStamp });
      this.options.observer?.loaded(entry.name, 'success');
      const proof = model.kind === 'pipeline' ? `${model.parity.rows} golden rows reproduced` : 'tensors as they are';
      this.logger.log(`${directory} is ready: ${proof}, ${Math.round(performance.now() - started)} ms`);
      const { engine, engine_reason, isRefused } = model.choice;
      this.logger[isRefused ? 'warn' : 'log'](`${directory} runs on ${ENGINES[engine]}: ${engine_reason}`);
    } catch (error) {
      const failure = inWords(error as Error, directory);
      // Without a process to prove it, the version is retried: an empty stamp never matches.
      const again = error instanceof ChildTaskError ? '' : stamp;
      entry.versions.set(version, { status: 'failed', failure, stamp: again });
      this.options.observer?.loaded(entry.name, 'failure');
      this.logger.error(failure);
    }
    this.loaded.revision++;
    return replaced;
  }

  /** @throws the error of `contractOf`, after closing the model, which has no other owner yet */
  private async contractFor(model: LoadedModel): Promise<Contract | undefined> {
    try {
      return model.kind === 'pipeline' ? this.options.contractOf?.(model) : undefined;
    } catch (error) {
      await model.close();
      throw error;
    }
  }

  private forget(entry: ModelEntry): void {
    for (const model of entry.loaded) if (!this.loaded.defaultModel.is(model)) this.close(model);
    this.loaded.models.delete(entry.name);
  }

  private close(model: LoadedModel): void {
    this.loaded.revision++;
    const closed = this.loaded.leased.get(model)!.close();
    closed.catch((error: Error) => this.logger.error(error));
  }

  private publishEntry({ champion, championFailure, isUnloaded }: ModelEntry): void {
    this.publish(champion, championFailure, !isUnloaded);
  }

  private publishUndecided(models: readonly string[]): boolean {
    if (!this.loaded.defaultModel.publishUndecided(models)) return false;
    this.loaded.revision++;
    return true;
  }

  /** Nothing is published before the first synchronisation: a ready server has all its models. */
  private publish(...to: Parameters<DefaultModel['publish']>): boolean {
    if (!this.hasSynced || !this.loaded.defaultModel.publish(...to)) return false;
    this.loaded.revision++;
    return true;
  }
}

const inWords = (error: Error, directory: string): string =>
  error instanceof ChildTaskError
    ? `${directory}: the process that proves it ${error.message}; retrying.`
    : error.message;
