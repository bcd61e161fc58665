import { InputError } from '#kit';
import { addHours } from '../counts/hour-counts.js';
import type { MonitorStore } from '../store/monitor-store.js';
import { ClosedHours } from './closed-hours.js';
import { recordEvent } from './events.js';
import { readWatch } from './watch-note.js';
import { findVersion, planOf } from './watched-version.js';

/** Who decides, and why; both are recorded. */
export interface DecidedBy {
  readonly by: string;
  readonly reason: string;
}

/**
 * Makes closed hours the reference of a version: later windows are compared with their counts, and open episodes close.
 *
 * @param span whole closed hours
 * @throws InputError where they are not closed, or have no rows
 */
export async function adoptReference(
  store: MonitorStore,
  model: string,
  version: string | undefined,
  span: { readonly from: number; readonly to: number },
  { by, reason }: DecidedBy,
): Promise<{ readonly version: string; readonly rows: number }> {
  const watched = await findVersion(store, model, version);
  const plan = planOf(watched);
  const { from, to } = span;
  const closedUpTo = (await readWatch(store, model))?.versions[watched.version]?.state.closedUpTo ?? 0;
  if (to > closedUpTo)
    throw new InputError(
      `The window has not been evaluated yet; run "npx skewless monitor run --once" after ${new Date(to).toISOString()}.`,
    );
  const hours = (await ClosedHours.read(store, plan, watched)).between(from, to);
  const { rows, cells } = addHours(plan, hours);
  if (rows === 0) throw new InputError('The window has no rows, so it cannot be the reference.');
  const body = { version: watched.version, from, to, by, reason, rows, cells: [...cells] };
  await recordEvent(store, { kind: 'reference.adopted', model, time: Date.now(), body }, [watched.version, from, to]);
  return { version: watched.version, rows };
}

/**
 * Records that the open episodes of a column, at all scales, have been acknowledged.
 *
 * @returns the number of episodes
 * @throws InputError where none is open
 */
export async function acknowledge(
  store: MonitorStore,
  model: string,
  version: string | undefined,
  column: string,
  { by, reason }: DecidedBy,
): Promise<number> {
  const watched = await findVersion(store, model, version);
  const { state } = (await readWatch(store, model))?.versions[watched.version] ?? {};
  const open = (state?.episodes ?? []).filter(({ alarm }) => alarm.column === column);
  if (open.length === 0) throw new InputError(`There is no open alarm for "${column}" in ${model}/${watched.version}.`);
  for (const { since, alarm } of open) {
    const body = { version: watched.version, column, scale: alarm.scale, since, by, reason };
    await recordEvent(store, { kind: 'acknowledged', model, time: Date.now(), body }, [...Object.values(body)]);
  }
  return open.length;
}
