import { Command, Option } from 'commander';
import type { ImportOptions, OnnxImportOptions } from '#importers';
import { withContext } from '../command-context.js';

/** What `import` takes beside the model, its name and where it goes: of forests only. */
const OF_FORESTS = ['recipe', 'metadata', 'data', 'split'] as const;

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
    const { publicKeyOf } = await import('#registry');
    const { importForest, importTensors } = await import('./import/import-and-tell.js');
    const target = { name, modelsDirectory, champion, key: await publicKeyOf(models) };
    if (scaler === undefined) return importTensors(context, { ...target, file: model, golden, labels });
    return importForest(context, { ...options, ...target, forest: model, scaler });
  });
}
