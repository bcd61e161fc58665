import { readBytes } from '#kit';
import { LabelTaker, openStore, readLabelCsv } from '#monitoring';
import type { CommandContext } from '../../command-context.js';

/** Labels per lookup: each lookup reads all rows that are not in files yet. */
const LABELS = 500_000;
const COUNTS = ['accepted', 'corrected', 'duplicate', 'unknown', 'too_old', 'invalid'] as const;

/** Imports the labels of a CSV file. */
export async function importLabels({ config, print }: CommandContext, file: string): Promise<void> {
  const labels = await readLabelCsv(await readBytes(file));
  const store = await openStore(config.monitor);
  const total = Object.fromEntries(COUNTS.map((name) => [name, 0]));
  const examples: Record<string, string[]> = {};
  try {
    const taker = new LabelTaker(store);
    for (let start = 0; start < labels.length; start += LABELS) {
      const counts = await taker.take(labels.slice(start, start + LABELS));
      for (const name of COUNTS) {
        total[name] += counts[name];
        if (counts.examples[name]) examples[name] ??= counts.examples[name];
      }
    }
  } finally {
    await store.close();
  }
  print({ ...total, examples }, () => {
    for (const name of COUNTS) {
      const of = examples[name] ? `, such as ${examples[name][0]}` : '';
      if (total[name] > 0) console.log(`${name}: ${total[name]}${of}`);
    }
    if (labels.length === 0) console.log('The file holds no labels.');
  });
}
