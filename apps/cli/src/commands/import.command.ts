import { relative } from 'node:path';
import { Command, Option } from 'commander';
import type { TensorSpec } from '#runtime';
import { type CommandContext, withContext } from '../command-context.js';
import { howToSign, publicKeyOf } from '#registry';
import {
  type ImportedModel,
  type ImportedOnnx,
  importModel,
  importOnnx,
  type ImportOptions,
  type ImportTarget,
  type OnnxImportOptions,
  defaultModelText,
} from '#importers';

/** What `import` takes beside the model, its name and where it goes: of forests only. */
const OF_FORESTS = ['recipe', 'metadata', 'data', 'split'] as const;

const inWords = (tensors: readonly TensorSpec[]): string =>
  tensors.map(({ name, datatype, shape }) => `${name} ${datatype} [${shape.join(', ')}]`).join(', ');

/** What came of an import, with what the server does at its next start. */
type Served = (ImportedModel | ImportedOnnx) & { readonly next_start: string };

async function nextStart(
  { models }: CommandContext['config'],
  { name, modelsDirectory }: ImportTarget,
): Promise<Pick<Served, 'next_start'>> {
  return { next_start: await defaultModelText(name, modelsDirectory, models) };
}

function sayWhatServes(name: string, { version, champion, waitsForSignature, next_start: next }: Served): void {
  if (waitsForSignature) console.log(howToSign(name, version));
  if (champion !== null) console.log(`Version ${champion} is the champion. ${next}`);
}

async function importForest({ config, print }: CommandContext, options: ImportOptions): Promise<void> {
  const imported = { ...(await importModel(options)), ...(await nextStart(config, options)) };
  const { directory, parity } = imported;
  print(imported, () => {
    console.log(`${relative('', directory)} written.`);
    console.log(
      `${parity.rows} golden rows reproduced: features to ${parity.max_feature_error.toExponential(1)}, probabilities to ${parity.max_probability_error.toExponential(1)}, no label differs.`,
    );
    if (options.golden === undefined) console.log(ONLY_OURSELVES);
    sayWhatServes(options.name, imported);
  });
}

/** What is known of a classifier's labels. */
function* labelWords({ labels, compared_rows: compared, source_rows: rows }: ImportedOnnx): Generator<string> {
  if (rows > 0) yield `Its labels are those of its source in ${rows} of ${rows} rows.`;
  if (labels)
    yield `The label comes from ${labels === 'model' ? "the model's own output" : 'the largest probability'}.`;
  else if (compared > 0)
    yield `Its label is that of the largest probability in ${compared} of ${compared} random rows.`;
  if (rows === 0)
    yield 'Nothing compares it with the answers of its source: --golden does, rows that the source answered.';
}

async function importTensors({ config, print }: CommandContext, options: OnnxImportOptions): Promise<void> {
  const imported = { ...(await importOnnx(options)), ...(await nextStart(config, options)) };
  const { directory, inputs, outputs, converted } = imported;
  print(imported, () => {
    console.log(`${relative('', directory)} written.`);
    console.log(`It takes ${inWords(inputs)} and gives ${inWords(outputs)}.`);
    if (converted.length > 0) console.log(`${converted.join(', ')} was a list of maps (ZipMap) and is a tensor now.`);
    for (const line of labelWords(imported)) console.log(line);
    sayWhatServes(options.name, imported);
  });
}

/** What golden rows are worth that were computed here. */
const ONLY_OURSELVES =
  'These rows were computed from the two files, so they prove only that we agree with ourselves: not that recipe and scaler are those the model was trained with. --golden, rows that the source answered, proves that.';

const HELP = `
The version is written only if ONNX Runtime answers as the original did.

Examples:
  import exported/forest.json exported/scaler.json --name my_model --golden exported/golden.jsonl
  import fraud.onnx --name fraud`;

/** `import <forest> <scaler>` brings a model that scikit-learn trained, `import <model.onnx>` any other. */
export function importCommand(): Command {
  const command = new Command('import')
    .description('Turn a scikit-learn forest and its scaler, or an ONNX model, into a model bundle')
    .argument('<model>', 'forest.json, written by tools/export_sklearn.py; or an ONNX model, which needs no more')
    .argument('[scaler]', 'scaler.json, written beside forest.json')
    .requiredOption('--name <model>', 'name of the model: its folder under the models directory')
    .option('--recipe <file>', 'raw columns and feature steps, YAML or JSON (default: the raw columns, standardized)')
    .option('--metadata <file>', 'algorithm, hyperparameters, metrics, train_samples, test_samples, timestamp as JSON')
    .option(
      '--golden <file>',
      'rows the original answered, JSON lines (default: computed from the dumped trees); of an ONNX model CSV with the labels as "prediction"',
    )
    .addOption(
      new Option(
        '--labels <source>',
        "where an ONNX classifier's label comes from if it contradicts the probabilities",
      ).choices(['model', 'argmax']),
    )
    .option('--data <file>', 'training data as CSV, for baseline.json (default: the golden rows)')
    .option('--split <file>', 'JSON with the indices of the training rows in --data, as {"train": [...]}')
    .option('--champion', 'let this version serve even if another does already', false)
    .option('--models-directory <folder>', 'where bundles live (default: models.directory)')
    .addHelpText('after', HELP);
  return withContext(command, async (context, [model, scaler], given) => {
    const { models } = context.config;
    const options = given as unknown as ImportOptions;
    const { name, champion, modelsDirectory = models.directory } = options;
    if (scaler === undefined) {
      if (model.endsWith('.json')) command.error("error: missing required argument 'scaler'");
      const unused = OF_FORESTS.find((option) => options[option] !== undefined);
      if (unused) command.error(`error: --${unused} goes with a forest and its scaler, not with an ONNX model`);
    }
    const { golden, labels } = given as Partial<OnnxImportOptions>;
    if (scaler !== undefined && labels) command.error('error: --labels goes with an ONNX model, not with a forest');
    const target = { name, modelsDirectory, champion, key: await publicKeyOf(models) };
    if (scaler === undefined) return importTensors(context, { ...target, file: model, golden, labels });
    return importForest(context, { ...options, ...target, forest: model, scaler });
  });
}
