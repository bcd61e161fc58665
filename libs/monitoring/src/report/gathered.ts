import type { AlarmReport } from './window-report.js';

/** Merges the alarms of one column at several scales into one: the strongest, since the time of the first. */
export function gathered(alarms: readonly AlarmReport[]): AlarmReport[] {
  const found = new Map<string, AlarmReport>();
  for (const alarm of alarms) {
    const key = JSON.stringify([alarm.kind, alarm.column]);
    const other = found.get(key) ?? alarm;
    const strongest = (other.p ?? 1) <= (alarm.p ?? 1) ? other : alarm;
    found.set(key, { ...strongest, since: other.since < alarm.since ? other.since : alarm.since });
  }
  return [...found.values()];
}
