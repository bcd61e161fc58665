import { isDeepStrictEqual } from 'node:util';
import type { Task } from '#bundle';
import { InputError } from '#kit';
import type { RawSchema } from '#schema';
import { type MonitoredModel, MonitorPlan } from '../cells/monitor-plan.js';
import type { MonitorStore } from '../store/monitor-store.js';

/** What the quality of labelled predictions may be at worst. */
export interface QualityBounds {
  readonly minimumAccuracy?: number;
  /** In the unit of the target. */
  readonly maximumMae?: number;
}

/** What the watch knows of a version: a server tells it as it loads it, so that jobs need the store alone. */
export interface WatchedVersion extends MonitoredModel {
  readonly model: string;
  readonly version: string;
  readonly inputs: RawSchema;
  /** When it was first loaded, in milliseconds since the epoch. */
  readonly loadedAt: number;
  readonly task: Task;
  /** On the test part, as registered; null where it is not known. */
  readonly accuracy: number | null;
  /** Of a regression, on the test part: the mean absolute error, and the root of the mean squared one. */
  readonly mae?: number | null;
  readonly rmse?: number | null;
  /** What the quality may be at worst, where somebody has said so. */
  readonly bounds?: QualityBounds;
  /** Columns whose values stand in the records of predictions. */
  readonly slices?: readonly string[];
}

/** Under which name the store keeps what it knows of a version. */
export const versionNote = ({ model, version }: Pick<WatchedVersion, 'model' | 'version'>): string =>
  `version/${model}/${version}`;

/** The metric of its task on the test part. */
export const registeredOf = ({ task, accuracy, mae = null }: WatchedVersion): number | null =>
  task === 'regression' ? mae : accuracy;

/** Keeps what there is to know of a version, unless the store knows it; its slices and bounds may become others. @returns whether it is new there */
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

/** All versions of a model that were ever loaded, in the order of their loads. */
export async function watchedVersions(store: MonitorStore, model: string): Promise<WatchedVersion[]> {
  const notes = [...(await store.notes(`version/${model}/`)).values()] as WatchedVersion[];
  return notes.sort((a, b) => a.loadedAt - b.loadedAt);
}

/** The newest where none is named. @throws InputError where the store does not know the version */
export async function findVersion(store: MonitorStore, model: string, version?: string): Promise<WatchedVersion> {
  const versions = await watchedVersions(store, model);
  const found = version === undefined ? versions.at(-1) : versions.find((each) => each.version === version);
  if (found) return found;
  const known = versions.map((each) => each.version).join(', ') || 'none';
  throw new InputError(
    `The store knows no version ${version ?? ''} of "${model}"; it knows ${known}.`.replace('  ', ' '),
  );
}

/** Models of which a version was ever loaded, by name. */
export async function watchedModels(store: MonitorStore): Promise<string[]> {
  const names = [...(await store.notes('version/')).keys()].map((name) => name.split('/')[1]);
  return [...new Set(names)].sort();
}

/** @throws nothing: what a baseline lacks is not watched, and the plan says so */
export const planOf = (watched: WatchedVersion): MonitorPlan => new MonitorPlan(watched);
