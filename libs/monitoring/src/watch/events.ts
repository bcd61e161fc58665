import { createHash } from 'node:crypto';
import type { Episode } from '../episodes/episodes.js';
import type { Estimate, LiveMetric } from '../quality/outcomes.js';
import type { MonitorEvent, MonitorStore } from '../store/monitor-store.js';
import type { Scale } from '../time/scales.js';

/** A proven violation of a quality bound: an accuracy below its floor, or an error above its ceiling. */
export interface QualityAlarm extends Estimate {
  readonly metric: LiveMetric;
  readonly scale: Exclude<Scale, '1h'>;
  /** Period of the predictions that were judged. */
  readonly from: number;
  readonly to: number;
  /** The value on the test part; null where only the bound is known. */
  readonly registered: number | null;
  readonly bound: number;
  readonly labels: number;
}

export interface QualityEpisode {
  /** End of the window that opened it. */
  readonly since: number;
  readonly alarm: QualityAlarm;
}

/** A window that a user has made the reference: later windows are compared with its counts. */
export interface AdoptedReference {
  readonly version: string;
  readonly from: number;
  readonly to: number;
  readonly by: string;
  readonly reason: string;
  readonly rows: number;
  /** In the order of the version's plan. */
  readonly cells: readonly number[];
}

/** A user's acknowledgement of an episode. */
export interface Acknowledgement {
  readonly version: string;
  readonly column: string;
  readonly scale: Scale;
  readonly since: number;
  readonly by: string;
  readonly reason: string;
}

/** The body of each kind of event. */
export interface EventBodies {
  /** A server loaded a version for the first time. */
  readonly loaded: { readonly version: string };
  readonly 'drift.opened': { readonly version: string; readonly episode: Episode };
  readonly 'drift.closed': { readonly version: string; readonly episode: Episode };
  readonly 'accuracy.opened': { readonly version: string; readonly episode: QualityEpisode };
  readonly 'accuracy.closed': { readonly version: string; readonly episode: QualityEpisode };
  readonly 'error.opened': { readonly version: string; readonly episode: QualityEpisode };
  readonly 'error.closed': { readonly version: string; readonly episode: QualityEpisode };
  readonly 'reference.adopted': AdoptedReference;
  readonly acknowledged: Acknowledgement;
}

export type EventKind = keyof EventBodies;

/** An event that monitoring records. */
export type WatchedEvent = {
  [Kind in EventKind]: Omit<MonitorEvent, 'kind' | 'body'> & { readonly kind: Kind; readonly body: EventBodies[Kind] };
}[EventKind];

/** The same event has the same id, so a repeated run records nothing twice. */
function idOf(parts: readonly unknown[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

/** @param key identifies the event among others of its kind, time and model */
export async function recordEvent<Kind extends EventKind>(
  store: Pick<MonitorStore, 'record'>,
  {
    kind,
    model,
    time,
    body,
  }: { readonly kind: Kind; readonly model: string; readonly time: number; readonly body: EventBodies[Kind] },
  key: readonly unknown[],
): Promise<void> {
  await store.record({ id: idOf([kind, model, time, ...key]), kind, model, time, body });
}

/** The events of a model, oldest first. */
export async function eventsOf(store: MonitorStore, model: string): Promise<WatchedEvent[]> {
  return (await store.events({ model })) as WatchedEvent[];
}
