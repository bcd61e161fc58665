import { join } from 'node:path';
import { Command } from 'commander';
import { listModelNames, type Manifest, readAliases, readAnyBundle, signBundle, type TensorManifest } from '#bundle';
import { type CommandContext, withContext } from '../command-context.js';
import { InputError } from '#kit';
import { trackerOf } from '#training';
import {
  lineOfChampions,
  moveAlias,
  privateKeyIn,
  publicKeyOf,
  readHistory,
  readVersionManifest,
  readVersions,
  resolveVersion,
} from '#registry';

interface ListedVersion {
  readonly model: string;
  readonly version: string;
  readonly alias: string;
  readonly algorithm: string | null;
  readonly test_accuracy: number | null;
  readonly timestamp: string | null;
  /** Why nothing more is known of it. */
  readonly fault?: string;
}

function described(manifest?: Manifest | TensorManifest): Pick<ListedVersion, 'algorithm' | 'test_accuracy'> {
  if (!manifest) return { algorithm: null, test_accuracy: null };
  if ('kind' in manifest) return { algorithm: 'onnx', test_accuracy: null };
  return { algorithm: manifest.algorithm, test_accuracy: manifest.metrics.test_accuracy ?? null };
}

async function list({ config, print }: CommandContext): Promise<void> {
  const { directory } = config.models;
  const rows: ListedVersion[] = [];
  for (const name of await listModelNames(directory)) {
    const aliases = Object.entries((await readAliases(directory, name)) ?? {});
    for (const { version, manifest, fault } of await readVersions(directory, name)) {
      const alias = aliases.filter(([, to]) => to === version).map(([known]) => known);
      rows.push({
        model: name,
        version,
        alias: alias.join(', '),
        ...described(manifest),
        timestamp: manifest?.timestamp ?? null,
        ...(fault && { fault }),
      });
    }
  }
  print(rows, () => console.table(rows));
}

async function show({ config, print }: CommandContext, model: string, named: string): Promise<void> {
  const { directory } = config.models;
  const manifest = await readVersionManifest(directory, model, await resolveVersion(directory, model, named));
  print(manifest, () => console.log(JSON.stringify(manifest, null, 2)));
}

async function promote({ config, print }: CommandContext, model: string, named: string, why: string): Promise<void> {
  const { directory } = config.models;
  const version = await resolveVersion(directory, model, named);
  await readVersionManifest(directory, model, version);
  // A version that servers would refuse becomes no champion.
  await readAnyBundle(join(directory, model, version), await publicKeyOf(config.models));
  if (await isRecordedChampion(directory, model, version)) {
    print({ alias: 'champion', from: version, to: version, moved: false }, () =>
      console.log(`${model}: version ${version} is the champion already; nothing was changed.`),
    );
    return;
  }
  const move = await moveAlias(directory, model, { alias: 'champion', to: version, why });
  trackerOf(config).setAlias({ name: model, version }, 'champion');
  print(move, () => console.log(`${model}: champion moved from ${move.from ?? 'none'} to ${move.to}.`));
}

/** Whether a version serves, and the history knows: a move that was killed before it was recorded is made again. */
async function isRecordedChampion(directory: string, model: string, version: string): Promise<boolean> {
  if ((await readAliases(directory, model))?.champion !== version) return false;
  const last = (await readHistory(directory, model)).findLast(({ alias }) => alias === 'champion');
  return last === undefined || last.to === version;
}

async function rollback(context: CommandContext, model: string, why: string): Promise<void> {
  const { directory } = context.config.models;
  const champion = (await readAliases(directory, model))?.champion;
  const line = lineOfChampions(await readHistory(directory, model));
  const earlier = line.at(-1) === champion ? line.at(-2) : line.at(-1);
  if (earlier === undefined) throw new InputError(`${model} has no earlier champion to go back to.`);
  await promote(context, model, earlier, why);
}

async function sign({ config, print }: CommandContext, model: string, named: string, key: string): Promise<void> {
  const version = await resolveVersion(config.models.directory, model, named);
  const bundle = join(config.models.directory, model, version);
  await readAnyBundle(bundle);
  const signature = await signBundle(bundle, await privateKeyIn(key));
  print({ signature }, () => console.log(`Signed: ${signature}`));
}

const examples = (...lines: readonly string[]): string =>
  ['', 'Examples:', ...lines.map((line) => `  models ${line}`)].join('\n');

const ALIASES = `The alias moves at once or not at all, and history.jsonl in the model's folder keeps who moved it, when and why.
Servers follow within models.watchSeconds, without a restart.`;

/** `models list|show|promote|rollback|sign`. */
export function modelsCommand(): Command {
  const models = new Command('models').description('See the registered versions, and say which one serves');
  withContext(
    models
      .command('list')
      .description('All versions of all models')
      .addHelpText('after', examples('list', "list --json | jq -r '.[] | select(.alias) | .version'")),
    list,
  );
  withContext(
    models
      .command('show')
      .argument('<model>')
      .argument('<version>', 'a version, or an alias such as champion')
      .description('The manifest of a version: metrics, hyperparameters, and what it takes to make it again')
      .addHelpText('after', examples('show random_forest champion', 'show random_forest 2 --json | jq .lineage')),
    (context, [model, version]) => show(context, model, version),
  );
  withContext(
    models
      .command('promote')
      .argument('<model>')
      .argument('<version>', 'a version, or an alias such as champion')
      .option('--why <reason>', 'recorded in the history', 'promoted by hand')
      .description('Make a version the champion')
      .addHelpText('after', `\n${ALIASES}\n${examples('promote random_forest 2 --why "better on new rows"')}`),
    (context, [model, version], { why }) => promote(context, model, version, why as string),
  );
  withContext(
    models
      .command('rollback')
      .argument('<model>')
      .option('--why <reason>', 'recorded in the history', 'rolled back by hand')
      .description('Make the champion before this one the champion again')
      .addHelpText('after', `\n${ALIASES}\n${examples('rollback random_forest --why "too many false alarms"')}`),
    (context, [model], { why }) => rollback(context, model, why as string),
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
    (context, [model, version], { key }) => sign(context, model, version, key as string),
  );
  return models;
}
