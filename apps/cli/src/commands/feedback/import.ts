import { readBytes } from '#kit';
import { labelErrors, LabelTaker, openStore, type PlacedFault, readLabelCsv } from '#monitoring';
import type { CommandContext } from '../../command-context.js';

/** Labels per lookup: each lookup reads all rows that are not in files yet. */
const LABELS = 500_000;
/** Invalid labels that are told. */
const ERRORS = 10;
const COUNTS = ['accepted', 'corrected', 'duplicate', 'unknown', 'too_old', 'invalid'] as const;

/** Imports the labels of a CSV file. */
export async function importLabels({ config, print }: CommandContext, file: string): Promise<void> {
  const { labels, linesOf } = await readLabelCsv(await readBytes(file));
  const store = await openStore(config.monitor);
  const total = Object.fromEntries(COUNTS.map((name) => [name, 0]));
  const examples: Record<string, string[]> = {};
  const all: PlacedFault[] = [];
  try {
    const taker = new LabelTaker(store);
    for (let start = 0; start < labels.length; start += LABELS) {
      const { counts, faults } = await taker.take(labels.slice(start, start + LABELS));
      all.push(...faults.map((fault) => ({ ...fault, index: start + fault.index })));
      for (const name of COUNTS) {
        total[name] += counts[name];
        if (counts.examples[name]) examples[name] ??= counts.examples[name];
      }
    }
  } finally {
    await store.close();
  }
  const errors = await labelErrors(all.slice(0, ERRORS), linesOf);
  print({ ...total, examples, ...(errors.length > 0 && { errors }) }, () => {
    for (const name of COUNTS) {
      const of = examples[name] ? `, such as ${examples[name][0]}` : '';
      if (total[name] > 0) console.log(`${name}: ${total[name]}${of}`);
    }
    for (const { line, path, expected, received } of errors) {
      console.log(`  ${file}, line ${line}: ${path} must be ${expected}; received ${JSON.stringify(received)}`);
    }
    if (labels.length === 0) console.log('The file holds no labels.');
  });
}
