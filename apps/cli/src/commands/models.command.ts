import { Command } from 'commander';
import { withContext } from '../command-context.js';

const examples = (...lines: readonly string[]): string =>
  ['', 'Examples:', ...lines.map((line) => `  models ${line}`)].join('\n');

const ALIASES = `The alias moves at once or not at all, and history.jsonl in the model's folder keeps who moved it, when and why.
Servers follow within models.watchSeconds, without a restart.`;

const PRUNE = `A version that an alias names stays, and so do both versions of a rollout under way. Each version goes whole or not at all, and its
number is never given again. "models rollback" cannot go back to one that is gone. With a version goes the record of its run in
tracking.directory; of the runs that registered nothing, as many of the newest stay. What a tracking server lacks stays.`;

/** `models list|show|promote|rollback|prune|sign`. */
export function modelsCommand(): Command {
  const models = new Command('models').description('See the registered versions, and say which one serves');
  withContext(
    models
      .command('list')
      .description('All versions of all models')
      .addHelpText('after', examples('list', "list --json | jq -r '.[] | select(.alias) | .version'")),
    async (context) => (await import('./models/list.js')).list(context),
  );
  withContext(
    models
      .command('show')
      .argument('<model>')
      .argument('[version]', 'a version, or an alias', 'champion')
      .description('The manifest of a version: metrics, hyperparameters, and what it takes to make it again')
      .addHelpText('after', examples('show random_forest', 'show random_forest 2 --json | jq .lineage')),
    async (context, [model, version]) => (await import('./models/show.js')).show(context, model, version),
  );
  withContext(
    models
      .command('promote')
      .argument('<model>')
      .argument('<version>', 'a version, or an alias such as champion')
      .option('--why <reason>', 'recorded in the history', 'promoted by hand')
      .option('--unproven', 'also a version that was imported without answers of its source', false)
      .description('Make a version the champion')
      .addHelpText('after', `\n${ALIASES}\n${examples('promote random_forest 2 --why "better on new rows"')}`),
    async (context, [model, version], given) =>
      (await import('./models/promote.js')).promote(
        context,
        model,
        version,
        given as unknown as { why: string; unproven: boolean },
      ),
  );
  withContext(
    models
      .command('rollback')
      .argument('<model>')
      .option('--why <reason>', 'recorded in the history', 'rolled back by hand')
      .description('Make the champion before this one the champion again')
      .addHelpText('after', `\n${ALIASES}\n${examples('rollback random_forest --why "too many false alarms"')}`),
    async (context, [model], { why }) => (await import('./models/promote.js')).rollback(context, model, why as string),
  );
  withContext(
    models
      .command('prune')
      .argument('[model]', 'all models where none is named')
      .requiredOption('--keep <versions>', 'how many of the newest stay')
      .description('Remove the oldest versions for good, and runs that no version needs')
      .addHelpText('after', `\n${PRUNE}\n${examples('prune --keep 10', 'prune random_forest --keep 10')}`),
    async (context, [model], { keep }) => (await import('./models/prune.js')).prune(context, model, keep as string),
  );
  withContext(
    models
      .command('sign')
      .argument('<model>')
      .argument('<version>', 'a version, or an alias such as champion')
      .requiredOption('--key <file>', 'an Ed25519 private key in PEM form')
      .description('Sign a version, for servers that ask for it')
      .addHelpText(
        'after',
        `\nServers ask for it where models.publicKey is set.\n${examples('sign random_forest 2 --key signing.pem')}`,
      ),
    async (context, [model, version], { key }) =>
      (await import('./models/sign.js')).sign(context, model, version, key as string),
  );
  return models;
}
