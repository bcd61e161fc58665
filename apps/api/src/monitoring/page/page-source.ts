import { closedUpTo, type BuiltPage, type HistoryEntry, type PageTask, type WatchedVersion } from '#monitoring';
import { ModelNotReadyError } from '#bundle';
import { type ModelRegistry, readHistory } from '#registry';
import { FileQueue, renewalReport } from '#renewal';
import type { LoadedModel } from '#runtime';
import { Problem } from '../../problem/problem.js';
import type { Monitor } from '../monitor.js';
import type { MonitorPages } from './monitor-pages.js';

/** The view of a tensor model, whose inputs are not monitored. */
const bare = ({ manifest }: LoadedModel): WatchedVersion => ({
  model: manifest.name,
  version: manifest.version,
  loadedAt: 0,
  task: 'multiclass',
  classes: [],
  accuracy: null,
  inputs: [],
  baseline: null,
});

/** Collects the content of a page: champions, their alias moves, and the state of this process's log. */
export class PageSource {
  constructor(
    private readonly registry: ModelRegistry,
    private readonly folder: string,
    /** Folder of the training jobs. */
    private readonly jobs: string,
    private readonly monitor?: Monitor,
    private readonly pages?: MonitorPages,
  ) {}

  /**
   * @param names of models
   * @returns undefined for an unknown column
   * @throws Problem `not-found` where monitoring is disabled; ModelNotFoundError, ModelNotReadyError; ChildTaskError
   */
  async page(names: readonly string[], task: Omit<PageTask, 'versions'>): Promise<BuiltPage | undefined> {
    const { monitor, pages } = this;
    if (!monitor || !pages) {
      throw new Problem('not-found', 'This server keeps no predictions: monitor.enabled (MONITOR_ENABLED) is false.');
    }
    const champions = names.flatMap((name) => this.champion(name, task.isList));
    const isOfModel = !task.isList && task.column === undefined;
    const renewal = isOfModel ? await renewalReport(this.folder, names[0], new FileQueue(this.jobs)) : null;
    const key = JSON.stringify([
      renewal,
      ...champions.map(({ manifest }) => [manifest.name, manifest.version]),
      task.scale,
      task.format,
      task.to,
      task.isList,
      task.column,
      closedUpTo(task.now),
    ]);
    const { tallies, state } = monitor.log;
    const versions = await Promise.all(
      champions.map(async (model) => ({
        ...(monitor.watched(model.manifest) ?? bare(model)),
        log: {
          dropped: tallies.get(model.manifest.name)?.dropped ?? 0,
          store: state.isUp ? ('up' as const) : ('down' as const),
        },
        moves: await this.moves(model.manifest.name),
      })),
    );
    return pages.build(key, { ...task, versions, renewal });
  }

  /** The page of all models omits those that are not ready. */
  private champion(name: string, isOptional: boolean): LoadedModel[] {
    try {
      return [this.registry.find(name)];
    } catch (error) {
      if (isOptional && error instanceof ModelNotReadyError) return [];
      throw error;
    }
  }

  private async moves(name: string): Promise<HistoryEntry[]> {
    const moves = await readHistory(this.folder, name).catch(() => []);
    return moves.map(({ when, who, why, alias, to }) => ({
      time: Date.parse(when),
      kind: 'alias',
      text: `${who} made version ${to} the ${alias}: ${why}`,
    }));
  }
}
