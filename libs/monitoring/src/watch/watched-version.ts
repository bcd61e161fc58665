import { isDeepStrictEqual } from 'node:util';
import type { Task } from '#bundle';
import { InputError } from '#kit';
import type { RawSchema } from '#schema';
import { type MonitoredModel, MonitorPlan } from '../cells/monitor-plan.js';
import type { MonitorStore } from '../store/monitor-store.js';

/** Bounds of the quality of labelled predictions. */
export interface QualityBounds {
  readonly minimumAccuracy?: number;
  /** In the unit of the target. */
  readonly maximumMae?: number;
}

/** What monitoring needs to know of a version. The server stores it when it loads the version, so that jobs need only the store. */
export interface WatchedVersion extends MonitoredModel {
  readonly model: string;
  readonly version: string;
  readonly inputs: RawSchema;
  /** When it was first loaded, in milliseconds since the epoch. */
  readonly loadedAt: number;
  readonly task: Task;
  /** Registered accuracy on the test part; null where it is unknown. */
  readonly accuracy: number | null;
  /** Registered errors of a regression on the test part. */
  readonly mae?: number | null;
  readonly rmse?: number | null;
  /** Bounds from the model file. */
  readonly bounds?: QualityBounds;
  /** Columns whose values are stored with the predictions. */
  readonly slices?: readonly string[];
}

/** Name of the store's note of a version. */
export const versionNote = ({ model, version }: Pick<WatchedVersion, 'model' | 'version'>): string =>
  `version/${model}/${version}`;

/** The registered metric of the version's task. */
export const registeredOf = ({ task, accuracy, mae = null }: WatchedVersion): number | null =>
  task === 'regression' ? mae : accuracy;

/** Stores a version, or updates the slices and bounds of a known one. @returns whether the version is new */
export async function keepVersion(
  store: Pick<MonitorStore, 'notes' | 'keep'>,
  watched: WatchedVersion,
): Promise<boolean> {
  const name = versionNote(watched);
  const known = (await store.notes(name)).get(name) as WatchedVersion | undefined;
  if (!known) {
    await store.keep(name, watched);
    return true;
  }
  const { slices = [], bounds = {} } = watched;
  if (!isDeepStrictEqual([slices, bounds], [known.slices ?? [], known.bounds ?? {}]))
    await store.keep(name, { ...known, slices, bounds });
  return false;
}

/** All versions of a model that were ever loaded, in the order of loading. */
export async function watchedVersions(store: MonitorStore, model: string): Promise<WatchedVersion[]> {
  const notes = [...(await store.notes(`version/${model}/`)).values()] as WatchedVersion[];
  return notes.sort((a, b) => a.loadedAt - b.loadedAt);
}

/** Finds a version, by default the newest. @throws InputError where the store does not know the version */
export async function findVersion(store: MonitorStore, model: string, version?: string): Promise<WatchedVersion> {
  const versions = await watchedVersions(store, model);
  const found = version === undefined ? versions.at(-1) : versions.find((each) => each.version === version);
  if (found) return found;
  const known = versions.map((each) => each.version).join(', ') || 'none';
  throw new InputError(
    `The store of predictions has no version ${version ?? ''} of "${model}"; it has ${known}.`.replace('  ', ' '),
  );
}

/** Names of the models of which a version was ever loaded, in order. */
export async function watchedModels(store: MonitorStore): Promise<string[]> {
  const names = [...(await store.notes('version/')).keys()].map((name) => name.split('/')[1]);
  return [...new Set(names)].sort();
}

/** Never throws: what a baseline lacks is not monitored, and the plan lists it. */
export const planOf = (watched: WatchedVersion): MonitorPlan => new MonitorPlan(watched);
