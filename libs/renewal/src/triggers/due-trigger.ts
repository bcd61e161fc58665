import { DAY, HOUR } from '#kit';
import type { MonitorStore } from '#monitoring';
import { meanInterval, type MeanSums, wilson } from '#statistics';
import type { Trigger } from '../jobs/job-queue.js';

export interface TriggerOptions {
  readonly everyHours: number;
  readonly onDrift: boolean;
  readonly minimumAccuracy?: number;
  /** Of a regression, in the unit of the target. */
  readonly maximumMae?: number;
  readonly newLabels: number;
  readonly cooldownHours: number;
  readonly lookbackDays: number;
  readonly labelDelayHours: number;
}

export interface TriggerContext {
  readonly store: Pick<MonitorStore, 'events' | 'predictions'>;
  readonly model: string;
  readonly champion: string;
  /** Time of the last training or request for one; milliseconds since the epoch, as is `now`. */
  readonly last: number;
  readonly now: number;
  /** Whether labels come from authenticated clients: others could poison the training data. */
  readonly trustsLabels: boolean;
}

/** A drift alarm since the last training. */
async function drift({ store, model, champion, last }: TriggerContext): Promise<Trigger | undefined> {
  const events = await store.events({ model, kind: 'drift.opened', from: last + 1 });
  const event = events.findLast(({ body }) => (body as { version?: string }).version === champion);
  if (!event) return undefined;
  const { episode } = event.body as { episode?: { alarm?: { column?: string; scale?: string } } };
  const { column = 'a column', scale = '' } = episode?.alarm ?? {};
  return { kind: 'drift', reason: `${column} has moved${scale && ` within ${scale}`}`, evidence: event.body };
}

interface Labels {
  /** Number of correct predictions among the champion's mature rows. */
  readonly right: number;
  readonly wrong: number;
  /** Absolute errors of the rows without a score, which predict numbers. */
  readonly errors: MeanSums;
  /** Number of labels observed since the last training. */
  readonly fresh: number;
}

async function readLabels(
  { store, model, champion, last, now }: TriggerContext,
  { lookbackDays, labelDelayHours }: TriggerOptions,
): Promise<Labels> {
  let [right, wrong, fresh] = [0, 0, 0];
  const errors = { rows: 0, sum: 0, squares: 0 };
  for await (const row of store.predictions({ model, from: Math.max(0, now - lookbackDays * DAY), to: now })) {
    if (row.label === null) continue;
    if ((row.observedAt ?? row.time) > last) fresh++;
    if (row.version !== champion || row.time > now - labelDelayHours * HOUR) continue;
    if (row.score !== null) {
      if (row.label === row.prediction) right++;
      else wrong++;
      continue;
    }
    const error = Math.abs(Number(row.prediction) - Number(row.label));
    if (!Number.isFinite(error * error)) continue;
    errors.rows++;
    errors.sum += error;
    errors.squares += error * error;
  }
  return { right, wrong, errors, fresh };
}

/**
 * Decides whether a model is due for training: by schedule, an alarm, low quality, or enough new labels. Never within the cooldown
 * after the last training.
 */
export async function dueTrigger(context: TriggerContext, options: TriggerOptions): Promise<Trigger | undefined> {
  const { last, now, trustsLabels } = context;
  const { everyHours, onDrift, minimumAccuracy, maximumMae, newLabels, cooldownHours } = options;
  const hours = (now - last) / HOUR;
  if (hours < cooldownHours) return undefined;
  if (everyHours > 0 && hours >= everyHours) {
    return { kind: 'schedule', reason: `trained ${Math.floor(hours)} hours ago`, evidence: { hours } };
  }
  const alarm = onDrift ? await drift(context) : undefined;
  const asksLabels = minimumAccuracy !== undefined || maximumMae !== undefined || newLabels > 0;
  if (alarm || !trustsLabels || !asksLabels) return alarm;
  const { right, wrong, errors, fresh } = await readLabels(context, options);
  if (minimumAccuracy !== undefined) {
    const { high } = wilson({ count: right, rows: right + wrong });
    if (high < minimumAccuracy) {
      const evidence = { right, wrong, high, minimumAccuracy };
      return { kind: 'quality', reason: `accuracy is at most ${high.toFixed(4)}, below ${minimumAccuracy}`, evidence };
    }
  }
  const mae = meanInterval(errors);
  if (maximumMae !== undefined && mae && mae.low > maximumMae) {
    const evidence = { labels: errors.rows, low: mae.low, maximumMae };
    const reason = `the mean absolute error is at least ${mae.low.toPrecision(4)}, above ${maximumMae}`;
    return { kind: 'quality', reason, evidence };
  }
  if (newLabels > 0 && fresh >= newLabels) {
    return { kind: 'labels', reason: `${fresh} new labels`, evidence: { fresh, newLabels } };
  }
  return undefined;
}
