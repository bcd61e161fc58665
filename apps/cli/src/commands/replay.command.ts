import { join } from 'node:path';
import { Command } from 'commander';
import { withContext } from '../command-context.js';

const HELP = `
Scores the stored raw rows with a version, and compares its answers with those that were given, whichever version gave them:
how many agree, with the 95 % interval of the share, and the largest difference of the score. Raw rows are stored
only while monitor.rows (MONITOR_ROWS) is sample or all. Numbers that differ by at most a millionth agree.

Exit codes: 0 compared, 2 no such version, or no row that can be compared.

Examples:
  replay customers --from log --against 4
  replay customers --from log --against challenger --json`;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** `replay NAME --from log --against V`: what a version would have answered. */
export function replayCommand(): Command {
  const command = new Command('replay')
    .description('Score stored rows with another version, and compare the answers')
    .argument('<name>', "the model's")
    .requiredOption('--from <source>', 'where the rows come from: log')
    .requiredOption('--against <version>', 'a version, or an alias such as challenger')
    .addHelpText('after', HELP);
  return withContext(command, async ({ config, signal, print }, [name], options) => {
    const { from, against } = options as { readonly from: string; readonly against: string };
    const { InputError } = await import('#kit');
    if (from !== 'log') throw new InputError(`--from ${from} must be log: rows that servers have answered.`);
    const { readAnyBundle } = await import('#bundle');
    const { FeaturePipeline } = await import('#features');
    const { openStore } = await import('#monitoring');
    const { publicKeyOf, resolveVersion } = await import('#registry');
    const { replayLog } = await import('#renewal');
    const { ServedModel } = await import('#runtime');
    const { directory } = config.models;
    const version = await resolveVersion(directory, name, against);
    const bundle = await readAnyBundle(join(directory, name, version), await publicKeyOf(config.models));
    if (!('pipeline' in bundle)) throw new InputError(`${name}/${version} takes tensors, whose rows are not stored.`);
    const model = await ServedModel.open(bundle, new FeaturePipeline(), { threads: 2, maxPendingRows: Infinity });
    const store = await openStore(config.monitor);
    try {
      const replay = await replayLog(store, model, signal);
      print({ model: name, version, ...replay }, () => {
        const { rows, agreed, disagreed, share, low, high, largest_difference: largest } = replay;
        const { not_kept: notKept, not_taken: notTaken, answered_by: answeredBy } = replay;
        console.log(`${name}/${version} on ${rows} logged rows, answered by ${Object.keys(answeredBy).join(', ')}:`);
        console.log(
          `  ${agreed} agreed, ${disagreed} disagreed: ${percent(share)} [${percent(low)}, ${percent(high)}]`,
        );
        if (largest) console.log(`  largest difference: ${largest.by} (${largest.prediction_id})`);
        if (notKept + notTaken > 0) console.log(`  left out: ${notKept} not kept, ${notTaken} that it does not take`);
      });
    } finally {
      await store.close();
      await model.close();
    }
  });
}
