import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { homeFolder, loadConfig, loadPipelineConfig, type PipelineConfig } from '#config';
import { isActive, listModelNames, readAliases, readManifest, readRollout } from '#bundle';
import { type MonitorStore, openStore } from '#monitoring';
import { DAY, storageFailure, UserError } from '#kit';
import {
  beginSigned,
  doJob,
  dueTrigger,
  FileQueue,
  pruneModel,
  type PruneOptions,
  startAsSet,
  tendRollout,
  trainingTable,
} from '#renewal';
import { openModelFile, openTrainedModel, ownSections } from '#training';
import { runTraining } from './run-training.js';

/**
 * Renews models: checks triggers, trains one model at a time in a child process, and moves rollouts by the evidence in the store
 * of predictions.
 */
@Injectable()
export class RenewalWorker implements OnApplicationShutdown {
  private readonly logger = new Logger(RenewalWorker.name);
  private readonly stopping = new AbortController();
  private readonly home = homeFolder(process.env);
  private readonly base = loadPipelineConfig(process.env);
  private readonly queue = new FileQueue(this.base.renewal.jobs);
  private readonly trustsLabels = this.hasKeys();
  private store?: Promise<MonitorStore>;
  private training?: Promise<void>;
  private working: Promise<void> = Promise.resolve();

  /** Waits for the work in progress. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.working.catch(() => undefined);
  }

  /** Runs until it is shut down. */
  run(): Promise<void> {
    return (this.working = this.work());
  }

  /** Looks once, runs the queued jobs, and looks again; for external schedulers such as cron. */
  once(): Promise<void> {
    return (this.working = this.workOnce());
  }

  private async work(): Promise<void> {
    const { signal } = this.stopping;
    this.logger.log(`Renews the models of ${this.base.models.directory}; jobs: ${this.base.renewal.jobs}`);
    while (!signal.aborted) {
      await this.look();
      this.training ??= this.train().finally(() => (this.training = undefined));
      await sleep(1_000 * this.base.renewal.pollSeconds, undefined, { signal }).catch(() => undefined);
    }
    await this.end();
  }

  private async workOnce(): Promise<void> {
    await this.look();
    while (await this.trainNext());
    await this.look();
    await this.end();
  }

  private async end(): Promise<void> {
    await this.training;
    await (await this.store)?.close();
  }

  /** The failure of one model does not affect the others. */
  private async look(): Promise<void> {
    const names = await listModelNames(this.base.models.directory).catch(() => []);
    for (const name of names) {
      if (this.stopping.signal.aborted) return;
      await this.lookAt(name).catch((error: Error) =>
        this.logger.error(`${name}: ${storageFailure(error) ?? error.message}`),
      );
    }
  }

  private async lookAt(model: string): Promise<void> {
    const { models, renewal } = this.configOf(model);
    const now = Date.now();
    const rollout = await readRollout(models.directory, model);
    if (rollout && isActive(rollout)) {
      const decision = await tendRollout(model, {
        models: models.directory,
        store: await this.openStore(),
        pace: renewal,
        watchSeconds: models.watchSeconds,
        now,
      });
      if (decision && decision.kind !== 'hold') this.logger.log(`${model}: ${decision.kind}: ${decision.reason}`);
      return;
    }
    const begun = await beginSigned(models, model, this.queue, startAsSet(renewal));
    if (begun) return this.logger.log(`${model}: version ${begun.challenger} is signed: its rollout begins`);
    const champion = (await readAliases(models.directory, model))?.champion;
    if (renewal.mode === 'off' || champion === undefined || !this.isTrained(model)) return;
    const jobs = await this.queue.jobs(model);
    if (jobs.some(({ state }) => state === 'queued' || state === 'running')) return;
    const { timestamp } = await readManifest(join(models.directory, model, champion));
    const last = Math.max(Date.parse(timestamp ?? ''), ...jobs.map(({ queued }) => Date.parse(queued)));
    const context = { store: await this.openStore(), model, champion, last, now, trustsLabels: this.trustsLabels };
    const trigger = await dueTrigger(context, renewal);
    if (!trigger) return;
    const { job } = await this.queue.add(model, trigger);
    this.logger.log(`${model}: job ${job.id} by ${trigger.kind}: ${trigger.reason}`);
  }

  private async train(): Promise<void> {
    await this.trainNext().catch((error: Error) => {
      this.logger.error(storageFailure(error) ?? (error instanceof UserError ? error.message : error.stack));
    });
  }

  /** @returns whether there was a job */
  private async trainNext(): Promise<boolean> {
    const { signal } = this.stopping;
    if (signal.aborted) return false;
    const taken = await this.queue.take();
    if (!taken) return false;
    const { id, model, attempt } = taken.job;
    this.logger.log(`${model}: job ${id} begins${attempt > 1 ? ' again, as its worker died' : ''}`);
    let config: PipelineConfig;
    try {
      config = this.configOf(model);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      await taken.end({ failure: error.message });
      this.logger.error(`${model}: job ${id} failed: ${error.message}`);
      return true;
    }
    const { models, renewal, data, tracking } = config;
    const end = await doJob(taken, {
      table: async ({ queued }, stopped) => {
        openTrainedModel(this.home, model, this.base.training.model);
        const to = Date.parse(queued);
        const table = await trainingTable({
          store: await this.openStore(),
          model,
          champion: (await readAliases(models.directory, model))?.champion,
          path: data.path,
          target: data.target,
          folder: join(this.base.renewal.jobs, 'tables'),
          from: to - renewal.lookbackDays * DAY,
          to,
          trustsLabels: this.trustsLabels,
          signal: stopped,
        });
        this.logger.log(`${model}: job ${id} trains on ${table.log.note}`);
        return table;
      },
      models,
      ...startAsSet(renewal),
      train: runTraining((name) => this.hasFile(name)),
      signal,
    });
    this.logger.log(`${model}: job ${id} ${end ? (end.failure ?? end.result!.outcome) : 'was taken from this worker'}`);
    if (end && renewal.keepVersions > 0)
      await this.prune(model, models.directory, { keep: renewal.keepVersions, tracking });
    return true;
  }

  private async prune(model: string, directory: string, options: PruneOptions): Promise<void> {
    for await (const pruned of pruneModel(directory, model, options)) {
      if ('run' in pruned) this.logger.log(`${model}: the run ${pruned.run} was removed: no version needs it`);
      else if (pruned.stays === null) {
        this.logger.log(`${model}: version ${pruned.version} was removed: ${options.keep} are kept`);
      }
    }
  }

  /** Whether a model can be trained; an imported one has no training data. */
  private isTrained(model: string): boolean {
    return model === this.base.training.model || this.hasFile(model);
  }

  private hasFile(model: string): boolean {
    return existsSync(join(this.home, 'config', 'models', `${model}.yaml`));
  }

  private configOf(model: string): PipelineConfig {
    if (!this.hasFile(model)) return this.base;
    const own = openModelFile(this.home, model);
    return loadPipelineConfig(process.env, {}, { file: own.file, sections: ownSections(own) });
  }

  private openStore(): Promise<MonitorStore> {
    this.store ??= openStore(this.base.monitor).catch((error: unknown) => {
      this.store = undefined;
      throw error;
    });
    return this.store;
  }

  private hasKeys(): boolean {
    const { security, jwt } = loadConfig(process.env);
    return [security.keysFile, security.keys, jwt.jwksUrl].some((value) => value !== undefined);
  }
}
