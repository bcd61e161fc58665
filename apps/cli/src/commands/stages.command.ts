import { Command } from 'commander';
import { type CommandContext, OF_MODEL, withContext } from '../command-context.js';
import type { OnStage, Registration } from '#training';
import { validateCommand } from './validate.command.js';

async function reportRegistration(
  { print }: CommandContext,
  result: unknown,
  registration: Registration,
): Promise<void> {
  const { exitCodeOf, registrationText } = await import('../registration-text.js');
  print(result, () => console.log(registrationText(registration)));
  process.exitCode = exitCodeOf(registration) ?? process.exitCode;
}

async function runPreprocess({ config, print, signal }: CommandContext, csv: boolean): Promise<void> {
  const { droppedText, preprocess } = await import('#training');
  const started = performance.now();
  const { rows, classes, class_counts } = await preprocess(config, { signal, csv });
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  print({ rows, classes, class_counts }, () => {
    console.log(`${droppedText(rows)} In ${seconds} s.`);
    console.log(`${rows.train} for training, ${rows.test} for the test; classes ${classes.join(', ')}.`);
  });
}

async function runTrain({ config, print, progress, signal }: CommandContext): Promise<void> {
  const { needs, preparedFiles, train } = await import('#training');
  needs(preparedFiles(config.data.processed).metadata, 'preprocess');
  const training = await train(config, progress, signal);
  const { fold_accuracy: folds, fold_rmse: errors = [] } = training;
  const mean = folds.reduce((sum, accuracy) => sum + accuracy, 0) / folds.length;
  print(training, () => {
    console.log(`${training.algorithm} trained on ${training.rows} rows; its export agrees on every test row.`);
    if (folds.length > 0) console.log(`Accuracy of ${folds.length} folds: ${mean.toFixed(4)} on average.`);
    if (errors.length > 0)
      console.log(`RMSE of ${errors.length} folds: ${errors.map((error) => error.toPrecision(4)).join(', ')}.`);
    for (const warning of training.warnings ?? []) console.error(`warning: ${warning}`);
  });
}

async function runEvaluate({ config, print, signal }: CommandContext): Promise<void> {
  const { candidateFiles, evaluate, evaluationFiles, loadCandidate, needs, preparedFiles, testedText } =
    await import('#training');
  needs(preparedFiles(config.data.processed).metadata, 'preprocess');
  needs(candidateFiles(config.training.artifacts).training, 'train');
  const report = await evaluate(await loadCandidate(config), config, signal);
  print(report.evaluation.metrics, () => {
    console.table(report.evaluation.metrics);
    const tested = testedText(report);
    if (tested) console.log(tested);
    console.log(`Model card: ${evaluationFiles(config.training.artifacts).card}`);
  });
}

const PREPROCESS_HELP = `
Reads the raw data as validate does. Leaves out rows without a label, and rows with missing or infinite values
(data.dropMissing); if asked to, also repeated rows (data.dropDuplicates) and, of the training part, rows with values
further than data.outlierRanges interquartile ranges from its quartiles. It says how many of each, and stops where more
than data.maxDroppedShare would go. Cells that cannot be read count as missing as far as validation tolerates them, else
nothing is done. Each class is split by training.testShare before anything is fitted. The same seed writes the same bytes.

Written to data.processed: train.parquet and test.parquet (raw columns, the row's place in the file, and class_index, the
place of its label among the classes in metadata.json), pipeline.json, metadata.json.

Examples:
  preprocess
  preprocess --csv --set data.path=new-rows.csv --set data.dropDuplicates=true`;

const EVALUATE_HELP = `
Metrics with 95 % bootstrap intervals, the confusion matrix, the importance of each feature, and the difference to the
champion on those test rows that it was not trained on, as far as its version tells. Written to training.artifacts/evaluation: model-card.html to look at, evaluation.json,
metrics.json, plots as SVG and PNG.

Examples:
  evaluate
  evaluate --json | jq .accuracy`;

const REGISTER_HELP = `
The gate is the section "gate" of config/config.yaml: absolute bounds of metrics, and what has to be proven: that the
candidate is better than the shares of the classes, and no worse than the champion on rows that neither was trained on.
A candidate that passes becomes the next version under models.directory, and the champion. One that is not proven becomes
the challenger; it is said what it lacks. One beyond an absolute bound is refused and changes nothing.

Exit codes: 0 registered, now or before, or kept as challenger; 2 there is no evaluation of this candidate; 3 refused, as an
absolute bound is broken.

Examples:
  register
  register --keep-challenger --set gate.minimumAccuracy=0.99`;

const TRAIN_HELP = `
The algorithm (random_forest, gradient_boosting, logistic_regression), its hyperparameters, the seed, threads and folds of
the cross-validation are in the section "training" of config/config.yaml. The same seed gives the same model on any number
of threads.

Examples:
  train
  train --set training.algorithm=gradient_boosting --set training.hyperparameters.learning_rate=0.05`;

const RUN_HELP = `
Stages: validate, preprocess, train, evaluate, register. After a change of settings, only the stages that depend on them run again.

Prints what cleaning dropped, warnings of the validation, and what became of the candidate.

Exit codes: 0 registered or kept as challenger, 2 wrong data or setting, 3 refused by an absolute bound of the
gate, 75 another run is active, 130 stopped; a run that was stopped or killed can be started again.

With a name: the model of a file that "init" wrote. Its stages are recorded in models/<name>/dvc.lock.

Examples:
  run
  run customers
  run --set training.seed=7 --json
  run --set data.path=new-rows.csv --keep-challenger`;

const KEEP_CHALLENGER = ['--keep-challenger', 'register a refused candidate too, as the challenger'] as const;

/** The stages one by one, and `run`: all of them. */
export function stageCommands(): Command[] {
  return [
    validateCommand(),
    withContext(
      new Command('preprocess')
        .description('Clean and split the raw data, and fit the features on the training part')
        .option(...OF_MODEL)
        .option('--csv', 'also write train.csv and test.csv', false)
        .addHelpText('after', PREPROCESS_HELP),
      (context, _args, { csv }) => runPreprocess(context, csv as boolean),
    ),
    withContext(
      new Command('train')
        .description('Train the candidate, and check that its ONNX export gives the same answers')
        .option(...OF_MODEL)
        .addHelpText('after', TRAIN_HELP),
      runTrain,
    ),
    withContext(
      new Command('evaluate')
        .description('Evaluate the candidate on the test part against the champion; write its model card')
        .option(...OF_MODEL)
        .addHelpText('after', EVALUATE_HELP),
      runEvaluate,
    ),
    withContext(
      new Command('register')
        .description(
          'Let the gate decide whether the candidate becomes the champion or the challenger, or is refused (exit code 3)',
        )
        .option(...OF_MODEL)
        .option(...KEEP_CHALLENGER, false)
        .addHelpText('after', REGISTER_HELP),
      async (context, _args, { keepChallenger }) => {
        const { config, signal } = context;
        const { evaluationFiles, loadCandidate, needs, register } = await import('#training');
        needs(evaluationFiles(config.training.artifacts).report, 'evaluate');
        const registration = await register(await loadCandidate(config), config, {
          keepChallenger: keepChallenger as boolean,
          signal,
        });
        await reportRegistration(context, registration, registration);
      },
    ),
    withContext(
      new Command('run')
        .description('Run all stages in order; those that are up to date in dvc.lock are skipped')
        .argument('[name]', 'the model of config/models/<name>.yaml (default: that of config.yaml)')
        .option(...KEEP_CHALLENGER, false)
        .option('--as-challenger', 'a candidate that passes becomes only the challenger, for a rollout', false)
        .option('--force', 'also run stages that are up to date, for example after an update of Skewless', false)
        .addHelpText('after', RUN_HELP),
      async (context, _args, { keepChallenger, asChallenger, force }) => {
        const onStage: OnStage = (stage, outcome, seconds, notes) => {
          context.inform(`${stage}: ${outcome}${outcome === 'done' ? ` in ${seconds.toFixed(1)} s` : ''}`);
          for (const note of notes) context.inform(`  ${note}`);
        };
        const chosen = {
          keepChallenger: keepChallenger as boolean,
          asChallenger: asChallenger as boolean,
          force: force as boolean,
        };
        const { asOnlyRun, runPipeline } = await import('#training');
        const result = await asOnlyRun(context.config, () => runPipeline(context, { ...chosen, onStage }));
        await reportRegistration(context, result, result.registration);
        for (const warning of result.warnings) console.error(`warning: ${warning}`);
      },
    ),
  ];
}
