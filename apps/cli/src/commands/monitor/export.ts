import { exportLog, exportTrainingTable, openStore } from '#monitoring';
import type { CommandContext } from '../../command-context.js';
import { timeOf } from './time.js';

export interface ExportOptions {
  readonly from: string;
  readonly to: string;
  readonly out: string;
}

const spanOf = (model: string, { from, to }: ExportOptions): { model: string; from: number; to: number } => ({
  model,
  from: timeOf('--from', from),
  to: timeOf('--to', to),
});

/** Exports the kept predictions of a model. */
export async function exportPredictions(
  { config, print }: CommandContext,
  model: string,
  options: ExportOptions,
): Promise<void> {
  const { out } = options;
  const store = await openStore(config.monitor);
  try {
    const predictions = await exportLog(store, spanOf(model, options), out);
    print({ model, predictions, out }, () => console.log(`${predictions} predictions written: ${out}`));
  } finally {
    await store.close();
  }
}

/** Writes labelled rows as a table that `run` trains on. */
export async function exportTable(
  { config, print }: CommandContext,
  model: string,
  target: string,
  options: ExportOptions,
): Promise<void> {
  const { out } = options;
  const store = await openStore(config.monitor);
  try {
    const written = await exportTrainingTable(store, spanOf(model, options), target, out);
    const { rows, unlabelled, notKept } = written;
    print({ model, rows, unlabelled, not_kept: notKept, out }, () =>
      console.log(`${rows} rows written, without ${unlabelled} that have no label and ${notKept} not kept: ${out}`),
    );
  } finally {
    await store.close();
  }
}
