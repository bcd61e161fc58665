import { Command } from 'commander';
import { importModel, type ImportOptions } from './import-model.js';

/** `import <forest> <scaler>`: brings a model that scikit-learn trained. */
export function importCommand(): Command {
  return new Command('import')
    .description('Turn a scikit-learn forest and its scaler into a model bundle')
    .argument('<forest>', 'forest.json, written by tools/export_sklearn.py')
    .argument('<scaler>', 'scaler.json, written beside it')
    .requiredOption('--name <model>', 'name of the model: its folder under the models directory')
    .option('--recipe <file>', 'raw columns and feature steps, YAML or JSON (default: the raw columns, standardized)')
    .option('--metadata <file>', 'algorithm, hyperparameters, metrics, train_samples, test_samples, timestamp as JSON')
    .option('--golden <file>', 'rows the original answered, JSON lines (default: computed from the dumped trees)')
    .option('--data <file>', 'training data as CSV, for baseline.json (default: the golden rows)')
    .option('--split <file>', 'JSON with the indices of the training rows in --data, as {"train": [...]}')
    .option('--champion', 'let this version serve even if another does already', false)
    .option('--models-directory <folder>', 'where bundles live', process.env.MODELS_DIR ?? 'models')
    .action(async (forest: string, scaler: string, options: Omit<ImportOptions, 'forest' | 'scaler'>) => {
      const { directory, parity, aliases } = await importModel({ forest, scaler, ...options });
      console.log(`${directory} written.`);
      console.log(
        `${parity.rows} golden rows reproduced: features to ${parity.max_feature_error.toExponential(1)}, probabilities to ${parity.max_probability_error.toExponential(1)}, no label differs.`,
      );
      console.log(`Version ${aliases.champion} is the champion: DEFAULT_MODEL=${options.name} npm start serves it.`);
    });
}
