import { join, relative, sep } from 'node:path';
import { stringify } from 'yaml';
import { loadedSteps } from '#features';
import { InputError } from '#kit';
import { candidateFiles, evaluationFiles, preparedFiles } from '../files/stage-files.js';
import type { OwnModel } from '../model-file/own-model.js';
import type { StageOptions } from '../stage.options.js';
import type { Stage } from './stage-graph.js';

/** A stage of a model with its own file; paths are absolute. */
interface OwnStage {
  readonly name: string;
  readonly deps: readonly string[];
  readonly params: readonly string[];
  readonly outs: readonly string[];
}

/** Settings that the stages depend on, by the keys of `params`. */
export function ownSettings({ own, data, training, validation }: StageOptions & { readonly own: OwnModel }): object {
  const { columns, recipe, task, positive, threshold, data: file } = own.model;
  return {
    data: { ...data, processed: undefined, recipe: undefined, ...file },
    columns: [...columns],
    recipe,
    task,
    positive,
    threshold,
    validation: { ...validation, reports: undefined, memoryMegabytes: undefined },
    training,
  };
}

/** Files that define user-defined steps of the recipe: if they change, so do the features. */
function stepFilesOf({ recipe }: OwnModel['model']): readonly string[] {
  const isOwn = (step: object): boolean => String((step as { readonly kind?: string }).kind).includes('.');
  return recipe !== 'auto' && recipe.steps.some(isOwn) ? loadedSteps().map(({ path }) => path) : [];
}

function stagesOf({ own, data, validation, training }: StageOptions & { readonly own: OwnModel }): OwnStage[] {
  const prepared = preparedFiles(data.processed);
  const candidate = candidateFiles(training.artifacts);
  const evaluation = evaluationFiles(training.artifacts);
  const parts = [prepared.metadata, prepared.pipeline, prepared.test, prepared.train];
  const verdict = join(validation.reports, 'validation.json');
  const steps = stepFilesOf(own.model);
  const isRegression = own.model.task === 'regression';
  return [
    {
      name: 'validate',
      deps: [data.path, ...(validation.reference ? [validation.reference] : [])],
      params: ['data', 'columns', 'task', 'validation'],
      outs: ['reference_stats.json', 'validation.html', 'validation.json'].map((file) =>
        join(validation.reports, file),
      ),
    },
    {
      name: 'preprocess',
      deps: [data.path, verdict, ...steps],
      params: ['data', 'columns', 'recipe', 'task', 'positive', 'training.algorithm', 'training.seed'],
      outs: parts,
    },
    {
      name: 'train',
      deps: [...parts, ...steps],
      params: ['threshold', 'training.algorithm', 'training.folds', 'training.hyperparameters', 'training.seed'],
      outs: [candidate.golden, candidate.model, candidate.training],
    },
    {
      name: 'evaluate',
      deps: [candidate.model, candidate.training, ...parts, ...steps],
      params: ['training.seed'],
      outs: [
        evaluation.report,
        evaluation.card,
        join(evaluation.directory, 'metrics.json'),
        ...['calibration', 'importance', ...(isRegression ? ['residuals'] : [])].map((plot) =>
          join(evaluation.directory, 'plots', `${plot}.svg`),
        ),
      ],
    },
  ];
}

const withOwn = (config: StageOptions): StageOptions & { readonly own: OwnModel } => {
  if (!config.own) throw new InputError('The model of config.yaml has its stages in dvc.yaml.');
  return config as StageOptions & { readonly own: OwnModel };
};

/** The stages of a model with its own file, with the paths of its lock file. */
export function ownStages(config: StageOptions): Stage[] {
  const { own } = withOwn(config);
  const { home, file, model } = own;
  const recorded = (path: string): string => (path.startsWith(home + sep) ? relative(home, path) : path);
  return stagesOf(withOwn(config)).map(({ name, deps, params, outs }) => ({
    name,
    cmd: `npx skewless ${name} --model ${model.name}`,
    deps: deps.map(recorded).sort(),
    params: { [recorded(file)]: params },
    outs: outs.map(recorded).sort(),
  }));
}

/**
 * The stages of a model with its own file, for a `dvc.yaml` beside its `config` folder. They depend on the whole file,
 * because DVC cannot resolve the settings behind it.
 */
export function ownStagesAsDvc(config: StageOptions): string {
  const name = withOwn(config).own.model.name;
  const stages = ownStages(config).map(({ name: stage, cmd, deps, params, outs }) => [
    `${name}-${stage}`,
    { cmd, deps: [...deps, ...Object.keys(params)].sort(), outs: outs.map((path) => ({ [path]: { cache: false } })) },
  ]);
  return stringify({ stages: Object.fromEntries(stages) as object }, { indentSeq: true, lineWidth: 0 });
}
