import { PLAIN_NAME } from '#kit';
import { RENEWAL } from './renewal.js';
import { section, setting } from './setting.js';
import {
  ANY_MAPPING,
  BOUNDS,
  CELLS,
  CELLS_OF_COLUMNS,
  FOLDS,
  mapping,
  matching,
  number,
  oneOf,
  optional,
  SHARE,
  SWITCH,
  TEXT,
  whole,
} from './setting-type.js';

const severity = oneOf('error', 'warning', 'off');
/** A rule without a tolerance. */
const RULE = mapping({ severity });
/** A rule that a share of the rows may violate. */
const SHARE_RULE = mapping({ severity, maxShare: SHARE });
const COUNT_RULE = mapping({
  severity,
  minimum: whole(0, 1_000_000_000_000),
  maximum: whole(0, 1_000_000_000_000),
});
const NULLS_RULE = mapping({ severity, maxShare: SHARE, maxShareNullable: SHARE });
const VALUES_RULE = mapping({ severity, maxShare: SHARE, columns: CELLS_OF_COLUMNS });
const BALANCE_RULE = mapping({ severity, minShare: SHARE });
const DISTANCE_RULE = mapping({ severity, maximum: number(0, 100) });

/** The settings of the command line, in the order of `config.yaml`. */
export const PIPELINE_SETTINGS = {
  data: section({
    path: setting('raw data: CSV with a header, or Parquet', { type: TEXT, default: 'data/raw/dataset.csv' }),
    target: setting('the column to predict', { type: TEXT, default: 'target' }),
    recipe: setting('raw columns, feature steps, order of the features', {
      type: TEXT,
      default: 'config/features.yaml',
    }),
    processed: setting('folder for the prepared data', { type: TEXT, default: 'data/processed' }),
    missing: setting(
      "texts that mean that a value is missing, also for the servers of the model; default: those of pandas (`''`, `NA`, `NaN`, `null` and the like)",
      { type: optional(CELLS), example: ['', 'NA', '?'], own: undefined },
    ),
    dropMissing: setting('drop rows without a finite number in a column that is not nullable, and infinite values', {
      type: SWITCH,
      default: true,
    }),
    dropDuplicates: setting('drop rows that are the same as an earlier one in all columns of the file', {
      type: SWITCH,
      default: false,
    }),
    outlierRanges: setting(
      'drop training rows with values further than this many interquartile ranges from the quartiles; 0 keeps all',
      { type: number(0, 1_000), default: 0 },
    ),
    maxDroppedShare: setting('largest share of labelled rows that cleaning may drop; more stops the run', {
      type: number(0, 1),
      default: 0.1,
    }),
  }),

  validation: section(
    {
      reports: setting('folder of `reference_stats.json`, `validation.json` and `validation.html`', {
        type: TEXT,
        default: 'artifacts/validation',
      }),
      reference: setting(
        "a `reference_stats.json` or a bundle's `baseline.json`; without one, drift is not looked for",
        { type: optional(TEXT), example: 'models/random_forest/1/baseline.json', own: undefined },
      ),
      memoryMegabytes: setting('memory of the database; beyond it, temporary files are used', {
        type: whole(64, 1_048_576),
        default: 800,
      }),
      malformedRows: setting('rows that cannot be read', {
        type: SHARE_RULE,
        default: { severity: 'error', maxShare: 0 },
      }),
      missingColumns: setting('missing columns of the recipe, or the target', {
        type: RULE,
        default: { severity: 'error' },
      }),
      unexpectedColumns: setting('columns that are not in the recipe', {
        type: RULE,
        default: { severity: 'warning' },
      }),
      columnOrder: setting('columns in another order than in the recipe', {
        type: RULE,
        default: { severity: 'warning' },
        own: { severity: 'off' },
      }),
      rowCount: setting('fewer rows, or more', {
        type: COUNT_RULE,
        default: { severity: 'error', minimum: 100, maximum: 100_000_000 },
        own: { severity: 'error', minimum: 10, maximum: 100_000_000 },
      }),
      types: setting('values that do not match the type of their column', {
        type: SHARE_RULE,
        default: { severity: 'error', maxShare: 0 },
      }),
      nulls: setting(
        'missing values of a column; `maxShareNullable` is for the columns that the recipe calls nullable, and for the target',
        {
          type: NULLS_RULE,
          default: { severity: 'error', maxShare: 0.05, maxShareNullable: 0.5 },
          own: { severity: 'error', maxShare: 0, maxShareNullable: 1 },
        },
      ),
      nonFinite: setting('NaN and infinite numbers', { type: SHARE_RULE, default: { severity: 'error', maxShare: 0 } }),
      ranges: setting('numbers below the minimum or above the maximum of the recipe', {
        type: SHARE_RULE,
        default: { severity: 'error', maxShare: 0 },
      }),
      allowedValues: setting('values other than these; columns that are not named may have any', {
        type: VALUES_RULE,
        default: { severity: 'error', maxShare: 0, columns: { target: [0, 1] } },
        own: { severity: 'error', maxShare: 0, columns: {} },
      }),
      constantColumns: setting('columns with one value in all rows', {
        type: RULE,
        default: { severity: 'error' },
        own: { severity: 'warning' },
      }),
      duplicates: setting('repeats of an earlier row', {
        type: SHARE_RULE,
        default: { severity: 'warning', maxShare: 0.01 },
      }),
      conflictingLabels: setting('equal features with different targets', {
        type: SHARE_RULE,
        default: { severity: 'warning', maxShare: 0 },
      }),
      classBalance: setting('a smaller share of the rarest class', {
        type: BALANCE_RULE,
        default: { severity: 'error', minShare: 0.05 },
        own: { severity: 'warning', minShare: 0.01 },
      }),
      populationStability: setting("population stability index of a column against the reference's", {
        type: DISTANCE_RULE,
        default: { severity: 'warning', maximum: 0.2 },
      }),
      kolmogorovSmirnov: setting("Kolmogorov-Smirnov distance of a column from the reference's", {
        type: DISTANCE_RULE,
        default: { severity: 'warning', maximum: 0.1 },
      }),
    },
    'each rule: severity error, warning or off, and its tolerance',
  ),

  training: section({
    model: setting('name under which the model is registered; it becomes a folder', {
      type: matching(PLAIN_NAME, 'must be letters, digits, ".", "_" and "-", a letter or digit first'),
      default: 'random_forest',
    }),
    algorithm: setting(
      'or `gradient_boosting`, `logistic_regression`, of regressions `ridge`; `auto` tries both kinds of trees',
      {
        type: oneOf('random_forest', 'gradient_boosting', 'logistic_regression', 'ridge', 'auto'),
        default: 'random_forest',
        own: 'gradient_boosting',
      },
    ),
    hyperparameters: setting(
      'hyperparameters that differ from the defaults of the algorithm, such as `{ n_estimators: 200, max_depth: 12 }`',
      { type: ANY_MAPPING, default: {}, own: {} },
    ),
    seed: setting('seed of the split, the folds and the model', { type: whole(0, 4_294_967_295), default: 42 }),
    testShare: setting('share of the rows kept for the test', { type: number(0.01, 0.9), default: 0.2 }),
    folds: setting('folds of the cross-validation; 0 does without', { type: FOLDS, default: 5 }),
    threads: setting('worker threads; they do not change the model', { type: whole(1, 64), default: 2 }),
    artifacts: setting('folder for the candidate and its evaluation', { type: TEXT, default: 'artifacts' }),
  }),

  gate: section(
    {
      minimumAccuracy: setting('the least accuracy on the test rows: an absolute bound', {
        type: number(0, 1),
        default: 0.9,
        own: 0,
      }),
      minimums: setting(
        'lower bounds of further metrics, by their names in `metrics.json`: `{ f1: 0.8, roc_auc_low: 0.9 }`',
        { type: BOUNDS, default: {} },
      ),
      maximums: setting('upper bounds of further metrics: `{ log_loss: 0.3 }`', { type: BOUNDS, default: {} }),
      better_than_trivial: setting(
        'the log loss must be proven lower than that of always predicting the class shares',
        { type: SWITCH, default: true },
      ),
      accuracyMargin: setting(
        "how much lower than the champion's the accuracy may be, by the lower end of the 95 % interval of the difference on rows that neither was trained on; 200 test rows cannot prove much less",
        { type: number(0, 1), default: 0.05, own: 1 },
      ),
      logLossMargin: setting(
        "how much higher than the champion's the log loss may be, by the upper end of that interval",
        { type: number(0, 100), default: 0.02 },
      ),
      squaredErrorMargin: setting(
        "how much higher than the champion's the mean squared error of a regression may be, as a share of it, by the upper end of that interval",
        { type: number(0, 100), default: 0.05 },
      ),
    },
    'a candidate beyond an absolute bound is refused; one that is not proven to be good enough becomes the challenger',
  ),

  renewal: RENEWAL,

  tracking: section({
    experiment: setting('experiment under which runs are recorded', { type: TEXT, default: 'skewless' }),
    directory: setting('the local store of runs', { type: TEXT, default: 'runs' }),
    uri: setting('an MLflow server; without one, runs stay in the local store; `mlflow://` sources are its models', {
      env: 'MLFLOW_TRACKING_URI',
      type: optional(TEXT),
      example: 'http://localhost:5000',
    }),
  }),
};
