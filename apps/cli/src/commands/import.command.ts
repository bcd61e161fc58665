import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type {
  DumpFormat,
  ImportOptions,
  OnnxImportOptions,
  SklearnImportOptions,
  TreesImportOptions,
} from '#importers';
import { type CommandContext, withContext } from '../command-context.js';

/** The name of each model format. */
const NAMES: Readonly<Record<DumpFormat, string>> = {
  sklearn: 'a scikit-learn forest',
  'sklearn-pipeline': 'a scikit-learn pipeline',
  onnx: 'an ONNX model',
  lightgbm: 'a model of LightGBM',
  'xgboost-json': 'a model of XGBoost',
  'xgboost-ubjson': 'a model of XGBoost',
};

const TREES: readonly DumpFormat[] = ['lightgbm', 'xgboost-json', 'xgboost-ubjson'];
/** The formats that accept an option; options that are not listed apply to all. */
const TAKEN_BY: Readonly<Record<string, readonly DumpFormat[]>> = {
  recipe: ['sklearn', ...TREES],
  metadata: ['sklearn'],
  data: ['sklearn'],
  split: ['sklearn'],
  labels: ['onnx'],
  classes: TREES,
  trees: [...TREES, 'sklearn-pipeline'],
};

const HELP = `
The format is detected from the content, not from the name. The version is written only if it reproduces the answers of the source.

Examples:
  import exported/forest.json exported/scaler.json --name my_model --golden exported/golden.jsonl
  import churn.json --name churn
  import model.ubj --name churn --golden answered.csv --classes no,yes
  import mlflow://churn@champion --name churn
  import fraud.onnx --name fraud`;

/** `import <model>` imports a model of scikit-learn, XGBoost or LightGBM with its columns, or any other as ONNX. */
export function importCommand(): Command {
  const command = new Command('import')
    .description('Import a model of scikit-learn, XGBoost, LightGBM or MLflow, or an ONNX model')
    .argument(
      '<model>',
      'a file saved by XGBoost or LightGBM, or written by tools/export_sklearn.py; an ONNX model; an MLflow folder, or a model of an MLflow server: mlflow://churn@champion, models:/churn/3, runs:/<id>/model',
    )
    .argument('[scaler]', 'scaler.json, written beside forest.json')
    .requiredOption('--name <model>', 'name of the model: its folder under the models directory')
    .option('--recipe <file>', 'raw columns and feature steps, YAML or JSON (default: the columns of the model)')
    .option('--metadata <file>', 'algorithm, hyperparameters, metrics, train_samples, test_samples, timestamp as JSON')
    .option(
      '--golden <file>',
      'rows with the answers of the source: CSV of the raw columns with prediction, probability or probability_<class>; JSON lines for a scikit-learn forest',
    )
    .option('--classes <names>', 'comma-separated class names, in the order of the model (default: 0,1,...)')
    .addOption(
      new Option(
        '--trees <which>',
        'for a model with early stopping: the trees up to its best iteration, or all',
      ).choices(['best', 'all']),
    )
    .addOption(
      new Option(
        '--labels <source>',
        "where an ONNX classifier's label comes from if it contradicts the probabilities",
      ).choices(['model', 'argmax']),
    )
    .option(
      '--data <file>',
      'training data as CSV, for baseline.json (default: --golden; without either there is none)',
    )
    .option('--split <file>', 'JSON with the indices of the training rows in --data, as {"train": [...]}')
    .option('--champion', 'make this version the champion, even if there is one already', false)
    .option('--models-directory <folder>', 'folder of the models (default: models.directory)')
    .addHelpText('after', HELP);
  return withContext(command, async (context, [path, scaler], given) => {
    const { fetchMlflowModel, isMlflowPlace } = await import('#registry');
    if (!isMlflowPlace(path)) return importFrom(command, context, { path, scaler }, given);
    const { models, tracking } = context.config;
    const folder = await mkdtemp(join(tmpdir(), 'skewless-mlflow-'));
    try {
      const options = { mlflowUri: tracking.uri, allowedHosts: models.allowedHosts?.split(/\s+/) ?? [] };
      const { from, files } = await fetchMlflowModel(path, folder, options);
      context.inform(`${from}: ${files.length} files fetched.`);
      await importFrom(command, context, { path: folder, scaler, from }, given);
    } catch (error) {
      // The temporary folder means nothing to users.
      if (error instanceof Error) error.message = error.message.replaceAll(folder, path);
      throw error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** The model to import. */
interface Imported {
  /** A file, or a folder written by MLflow. */
  readonly path: string;
  readonly scaler?: string;
  /** The source from which it was fetched. */
  readonly from?: string;
}

async function importFrom(
  command: Command,
  context: CommandContext,
  { path, scaler, from }: Imported,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { models } = context.config;
  const options = given as unknown as ImportOptions;
  const { name, champion, modelsDirectory = models.directory } = options;
  const { dumpFormat, modelFile } = await import('#importers');
  const { file: model, signature } = await modelFile(path);
  const format = await dumpFormat(model);
  if (format === 'sklearn' && scaler === undefined) command.error("error: missing required argument 'scaler'");
  if (format !== 'sklearn' && scaler !== undefined) {
    command.error(`error: ${model} is ${NAMES[format]}, which takes no scaler`);
  }
  const unused = Object.keys(TAKEN_BY).find((option) => option in given && !TAKEN_BY[option].includes(format));
  if (unused) {
    const due = [...new Set(TAKEN_BY[unused].map((one) => NAMES[one]))].join(' or ');
    command.error(`error: --${unused} goes with ${due}; ${model} is ${NAMES[format]}`);
  }
  const { publicKeyOf } = await import('#registry');
  const { importForest, importTensors, importBooster, importPipeline } = await import('./import/import-and-tell.js');
  const target = { name, modelsDirectory, champion, from, key: await publicKeyOf(models) };
  const { golden, labels } = given as Partial<OnnxImportOptions>;
  if (format === 'onnx') return importTensors(context, { ...target, file: model, golden, labels });
  if (format === 'sklearn') return importForest(context, { ...options, ...target, forest: model, scaler: scaler! });
  const { recipe, trees } = given as Partial<TreesImportOptions & SklearnImportOptions>;
  if (format === 'sklearn-pipeline') return importPipeline(context, { ...target, file: model, golden, trees });
  const classes = (given as { classes?: string }).classes?.split(',').map((label) => label.trim());
  return importBooster(context, { ...target, file: model, format, signature, recipe, golden, classes, trees });
}
