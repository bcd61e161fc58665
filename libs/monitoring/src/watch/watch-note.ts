import type { WatchState } from '../episodes/episodes.js';
import type { Estimate, LiveMetric } from '../quality/outcomes.js';
import type { MonitorStore } from '../store/monitor-store.js';
import type { Scale } from '../time/scales.js';
import type { QualityEpisode } from './events.js';

/** What the newest closed window of a scale said of a column. */
export interface SeenColumn {
  readonly name: string;
  readonly moved: number;
  /** Common logarithm of the p-value; 0 where nothing could be asked. */
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
  /** By labels, an accuracy weighted by score; null without labels. */
  readonly value: Estimate | null;
  /** Without labels; null where there is none, or labels refute it. */
  readonly estimate: Estimate | null;
  readonly isRefuted: boolean;
  /** How far what came true lies from what was said, on average over labelled rows. */
  readonly calibrationError: number | null;
}

export interface VersionWatch {
  readonly state: WatchState;
  readonly seen: Partial<Record<Scale, readonly SeenColumn[]>>;
  readonly quality: Partial<Record<Scale, SeenQuality>>;
  /** Accuracy below which, or mean absolute error above which, there is an alarm; null where none is known. */
  readonly bound: number | null;
  readonly badQuality: readonly QualityEpisode[];
  /** Days of which the quality was judged: each once, when its labels have come. */
  readonly judgedDays: readonly number[];
}

/** What the watch knows of a model, from one run to the next. */
export interface WatchNote {
  /** By the clock, when it ran last. */
  readonly ranAt: number;
  readonly versions: Readonly<Record<string, VersionWatch>>;
  /** Alarms since the store was made. */
  readonly alarms: { readonly drift: number; readonly accuracy: number; readonly error?: number };
}

const nameOf = (model: string): string => `watch/${model}`;

/** @returns nothing before the first run */
export async function readWatch(store: MonitorStore, model: string): Promise<WatchNote | undefined> {
  // The name of one model may begin with that of another.
  return (await store.notes(nameOf(model))).get(nameOf(model)) as WatchNote | undefined;
}

export const keepWatch = (store: MonitorStore, model: string, note: WatchNote): Promise<void> =>
  store.keep(nameOf(model), note);
