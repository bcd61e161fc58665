import { BusyError, InputError } from '#kit';
import { openStore, runWatch, type VersionRun } from '#monitoring';
import type { CommandContext } from '../../command-context.js';
import { EXIT } from '../../exit-codes.js';
import { timeOf, timeText } from './time.js';

/** Longer than any run; the lease is released when the run ends. */
const LEASE_SECONDS = 600;

export interface MonitorRunOptions {
  readonly once?: boolean;
  readonly now?: string;
  readonly failOnAlarm?: boolean;
}

/** Closes the due windows, as a server does by itself. */
export async function run(
  { config, print }: CommandContext,
  { once, now, failOnAlarm }: MonitorRunOptions,
): Promise<void> {
  if (!once)
    throw new InputError(
      'Servers do this by themselves, every five minutes. To do it now: npx skewless monitor run --once',
    );
  const time = now === undefined ? Date.now() : timeOf('--now', now);
  const store = await openStore(config.monitor);
  let runs: VersionRun[];
  try {
    const lease = await store.lease('watch', LEASE_SECONDS);
    if (!lease) throw new BusyError('Another process is evaluating the windows; try again in a minute.');
    runs = await runWatch(store, time).finally(() => lease.release());
  } finally {
    await store.close();
  }
  print(runs.map(described), () => runs.forEach(report));
  if (runs.length === 0 && !process.exitCode) print([], () => console.log('No predictions are stored yet.'));
  const isAlarm = runs.some(({ drift, badQuality }) => drift.length + badQuality.length > 0);
  if (failOnAlarm && isAlarm) process.exitCode = EXIT.alarm;
}

function described({ model, version, closedUpTo, opened, closed, drift, badQuality }: VersionRun): object {
  return {
    model,
    version,
    closed_up_to: timeText(closedUpTo),
    opened: opened.length,
    closed: closed.length,
    alarms: [
      ...drift.map(({ since, alarm: { column, scale, split, baseline, now, low, high, logP, logLevel } }) => ({
        kind: 'drift',
        column,
        scale,
        split,
        baseline,
        now,
        low,
        high,
        p: Math.exp(logP),
        level: Math.exp(logLevel),
        since: timeText(since),
      })),
      ...badQuality.map(({ since, alarm: { metric, scale, registered, bound, value, low, high, labels } }) => ({
        kind: metric === 'accuracy' ? 'accuracy' : 'error',
        scale,
        registered,
        [metric === 'accuracy' ? 'floor' : 'ceiling']: bound,
        value,
        low,
        high,
        labels,
        since: timeText(since),
      })),
    ],
  };
}

const fourDigits = (value: number): string => String(Number(value.toPrecision(4)));
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function report({ model, version, closedUpTo, drift, badQuality }: VersionRun): void {
  const state = drift.length + badQuality.length === 0 ? 'as usual' : 'alarm';
  console.log(`${model}/${version}: ${state}, closed up to ${timeText(closedUpTo)}`);
  for (const { since, alarm } of drift) {
    const { column, scale, split, baseline, now, low, high } = alarm;
    const interval = `[${percent(low)}, ${percent(high)}]`;
    console.log(
      `  ${column}: ${split} ${now >= baseline ? 'rose' : 'fell'} from ${percent(baseline)} to ${percent(now)} ${interval} (${scale}, since ${timeText(since)})`,
    );
  }
  for (const { since, alarm } of badQuality) {
    const { metric, scale, value, low, high, bound, labels } = alarm;
    const [name, is, text] =
      metric === 'accuracy' ? (['accuracy', 'below', percent] as const) : (['mae', 'above', fourDigits] as const);
    console.log(
      `  ${name}: ${text(value)} [${text(low)}, ${text(high)}] of ${labels} labels is ${is} ${text(bound)} (${scale}, since ${timeText(since)})`,
    );
  }
}
