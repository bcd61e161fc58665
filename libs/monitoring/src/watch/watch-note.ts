import type { WatchState } from '../episodes/episodes.js';
import type { Estimate, LiveMetric } from '../quality/outcomes.js';
import type { MonitorStore } from '../store/monitor-store.js';
import type { Scale } from '../time/scales.js';
import type { QualityEpisode } from './events.js';

/** A column in the newest closed window of a scale. */
export interface SeenColumn {
  readonly name: string;
  readonly moved: number;
  /** Common logarithm of the p-value; 0 where nothing could be tested. */
  readonly log10P: number;
  readonly missing: number;
  readonly outside: number;
}

/** The quality of the predictions of the newest closed window of a scale. */
export interface SeenQuality {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly labels: number;
  readonly coverage: number;
  readonly isMature: boolean;
  readonly metric: LiveMetric;
  /** From labels; accuracy is weighted by score. Null without labels. */
  readonly value: Estimate | null;
  /** From scores, without labels; null where it is unknown, or labels refute it. */
  readonly estimate: Estimate | null;
  readonly isRefuted: boolean;
  /** Expected calibration error over labelled rows; null unless binary. */
  readonly calibrationError: number | null;
}

export interface VersionWatch {
  readonly state: WatchState;
  readonly seen: Partial<Record<Scale, readonly SeenColumn[]>>;
  readonly quality: Partial<Record<Scale, SeenQuality>>;
  /** Floor of the accuracy, or ceiling of the mean absolute error; null where neither is known. */
  readonly bound: number | null;
  readonly badQuality: readonly QualityEpisode[];
  /** Days whose quality was judged: each once, when its labels have arrived. */
  readonly judgedDays: readonly number[];
}

/** The state of monitoring of a model, from one run to the next. */
export interface WatchNote {
  /** Wall-clock time of the last run. */
  readonly ranAt: number;
  readonly versions: Readonly<Record<string, VersionWatch>>;
  /** Number of alarms since the store was created. */
  readonly alarms: { readonly drift: number; readonly accuracy: number; readonly error?: number };
}

const nameOf = (model: string): string => `watch/${model}`;

/** @returns undefined before the first run */
export async function readWatch(store: MonitorStore, model: string): Promise<WatchNote | undefined> {
  // `notes` returns names by prefix, and the name of one model may be a prefix of another's.
  return (await store.notes(nameOf(model))).get(nameOf(model)) as WatchNote | undefined;
}

export const keepWatch = (store: MonitorStore, model: string, note: WatchNote): Promise<void> =>
  store.keep(nameOf(model), note);
