import { userName } from '#kit';
import { acknowledge, adoptReference, openStore } from '#monitoring';
import type { CommandContext } from '../../command-context.js';
import { timeOf } from './time.js';

export interface DecisionOptions {
  readonly version?: string;
  readonly by?: string;
  readonly reason: string;
}

/** Makes a window the drift reference of a version. */
export async function adopt(
  { config, print }: CommandContext,
  model: string,
  { from, to, version, by = userName(), reason }: DecisionOptions & { readonly from: string; readonly to: string },
): Promise<void> {
  const span = { from: timeOf('--from', from), to: timeOf('--to', to) };
  const store = await openStore(config.monitor);
  try {
    const adopted = await adoptReference(store, model, version, span, { by, reason });
    print({ model, ...adopted, by, reason }, () =>
      console.log(`${model}/${adopted.version} is compared with ${adopted.rows} rows of that window from now on.`),
    );
  } finally {
    await store.close();
  }
}

/** Records that somebody has acknowledged a column's open episodes. */
export async function see(
  { config, print }: CommandContext,
  model: string,
  column: string,
  { version, by = userName(), reason }: DecisionOptions,
): Promise<void> {
  const store = await openStore(config.monitor);
  try {
    const episodes = await acknowledge(store, model, version, column, { by, reason });
    print({ model, column, episodes, by, reason }, () =>
      console.log(`${episodes} open ${episodes === 1 ? 'episode' : 'episodes'} of ${column} acknowledged by ${by}.`),
    );
  } finally {
    await store.close();
  }
}
