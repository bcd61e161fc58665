import { Command } from 'commander';
import type { TensorSpec } from '#registry';
import { importModel, type ImportOptions } from './import-model.js';
import { importOnnx, type OnnxImportOptions } from './import-onnx.js';

type Options = Omit<ImportOptions, 'forest' | 'scaler'>;

const inWords = (tensors: readonly TensorSpec[]): string =>
  tensors.map(({ name, datatype, shape }) => `${name} ${datatype} [${shape.join(', ')}]`).join(', ');

function sayWhatServes(name: string, champion: string): void {
  console.log(`Version ${champion} is the champion: DEFAULT_MODEL=${name} npm start serves it.`);
}

async function importForest(options: ImportOptions): Promise<void> {
  const { directory, parity, aliases } = await importModel(options);
  console.log(`${directory} written.`);
  console.log(
    `${parity.rows} golden rows reproduced: features to ${parity.max_feature_error.toExponential(1)}, probabilities to ${parity.max_probability_error.toExponential(1)}, no label differs.`,
  );
  sayWhatServes(options.name, aliases.champion);
}

async function importTensors(options: OnnxImportOptions): Promise<void> {
  const { directory, inputs, outputs, converted, aliases } = await importOnnx(options);
  console.log(`${directory} written.`);
  console.log(`It takes ${inWords(inputs)} and gives ${inWords(outputs)}.`);
  if (converted.length > 0) console.log(`${converted.join(', ')} was a list of maps (ZipMap) and is a tensor now.`);
  sayWhatServes(options.name, aliases.champion);
}

/** `import <forest> <scaler>` brings a model that scikit-learn trained, `import <model.onnx>` any other. */
export function importCommand(): Command {
  return new Command('import')
    .description('Turn a scikit-learn forest and its scaler, or an ONNX model, into a model bundle')
    .argument('<model>', 'forest.json, written by tools/export_sklearn.py; or an ONNX model, which needs no more')
    .argument('[scaler]', 'scaler.json, written beside forest.json')
    .requiredOption('--name <model>', 'name of the model: its folder under the models directory')
    .option('--recipe <file>', 'raw columns and feature steps, YAML or JSON (default: the raw columns, standardized)')
    .option('--metadata <file>', 'algorithm, hyperparameters, metrics, train_samples, test_samples, timestamp as JSON')
    .option('--golden <file>', 'rows the original answered, JSON lines (default: computed from the dumped trees)')
    .option('--data <file>', 'training data as CSV, for baseline.json (default: the golden rows)')
    .option('--split <file>', 'JSON with the indices of the training rows in --data, as {"train": [...]}')
    .option('--champion', 'let this version serve even if another does already', false)
    .option('--models-directory <folder>', 'where bundles live', process.env.MODELS_DIR ?? 'models')
    .action(async (model: string, scaler: string | undefined, options: Options, command: Command) => {
      if (scaler !== undefined) return importForest({ forest: model, scaler, ...options });
      if (model.endsWith('.json')) command.error("error: missing required argument 'scaler'");
      const { name, modelsDirectory, champion, ...ofForests } = options;
      const [unused] = Object.keys(ofForests);
      if (unused) command.error(`error: --${unused} goes with a forest and its scaler, not with an ONNX model`);
      return importTensors({ file: model, name, modelsDirectory, champion });
    });
}
