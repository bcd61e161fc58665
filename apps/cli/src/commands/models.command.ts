import { Command } from 'commander';
import { withContext } from '../command-context.js';

const examples = (...lines: readonly string[]): string =>
  ['', 'Examples:', ...lines.map((line) => `  models ${line}`)].join('\n');

const ALIASES = `history.jsonl in the model's folder records who moved the alias, when and why. Servers follow within models.watchSeconds,
without a restart.`;

const PRUNE = `Versions with an alias are kept, and so are both versions of a rollout in progress. Version numbers are never reused, and
"models rollback" cannot return to a removed version. The record of its run in tracking.directory is removed too; of the runs
that registered nothing, the same number of newest ones is kept. Runs that were not yet sent to the tracking server are kept.`;

/** `models list|show|promote|rollback|prune|sign`. */
export function modelsCommand(): Command {
  const models = new Command('models').description('List the registered versions, and choose the one that serves');
  withContext(
    models
      .command('list')
      .description('List all versions of all models')
      .addHelpText('after', examples('list', "list --json | jq -r '.[] | select(.alias) | .version'")),
    async (context) => (await import('./models/list.js')).list(context),
  );
  withContext(
    models
      .command('show')
      .argument('<model>')
      .argument('[version]', 'a version, or an alias', 'champion')
      .description('Show the manifest of a version: metrics, hyperparameters and lineage')
      .addHelpText('after', examples('show random_forest', 'show random_forest 2 --json | jq .lineage')),
    async (context, [model, version]) => (await import('./models/show.js')).show(context, model, version),
  );
  withContext(
    models
      .command('promote')
      .argument('<model>')
      .argument('<version>', 'a version, or an alias such as champion')
      .option('--why <reason>', 'recorded in the history', 'promoted by hand')
      .option('--unproven', 'allow a version that was imported without answers of its source', false)
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
      .description('Make the previous champion the champion again')
      .addHelpText('after', `\n${ALIASES}\n${examples('rollback random_forest --why "too many false alarms"')}`),
    async (context, [model], { why }) => (await import('./models/promote.js')).rollback(context, model, why as string),
  );
  withContext(
    models
      .command('prune')
      .argument('[model]', 'default: all models')
      .requiredOption('--keep <versions>', 'number of newest versions to keep')
      .description('Permanently remove the oldest versions, and runs that no version needs')
      .addHelpText('after', `\n${PRUNE}\n${examples('prune --keep 10', 'prune random_forest --keep 10')}`),
    async (context, [model], { keep }) => (await import('./models/prune.js')).prune(context, model, keep as string),
  );
  withContext(
    models
      .command('sign')
      .argument('<model>')
      .argument('<version>', 'a version, or an alias such as champion')
      .requiredOption('--key <file>', 'an Ed25519 private key in PEM form')
      .description('Sign a version, for servers that require signatures')
      .addHelpText(
        'after',
        `\nServers require it where models.publicKey is set.\n${examples('sign random_forest 2 --key signing.pem')}`,
      ),
    async (context, [model, version], { key }) =>
      (await import('./models/sign.js')).sign(context, model, version, key as string),
  );
  return models;
}
