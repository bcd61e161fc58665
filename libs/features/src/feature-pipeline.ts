import { Injectable } from '@nestjs/common';
import { KnownColumns } from './check-pipeline.js';
import { RecipeNames } from './recipe-names.js';
import { FeatureTransform } from './feature-transform.js';
import { formatVersion } from './format-version.js';
import { freezeDeep } from './freeze-deep.js';
import { PipelineError } from './pipeline.error.js';
import type { FittedPipeline, PipelineRecipe } from './pipeline.js';
import { definitionOf, type FittedStep, type StepSpec, takesColumns } from './steps/index.js';
import type { Target } from './target.js';
import { TrainingColumns } from './training-columns.js';

/** Enough for a column per hour of a year, and more than a tree ensemble makes use of. */
export const MAX_FEATURES = 10_000;

/**
 * Applies a function to the steps of a recipe, tracking the columns.
 *
 * @param fit turns a step of the recipe into a fitted one
 */
function followed(
  recipe: PipelineRecipe,
  fit: (step: StepSpec, known: KnownColumns, where: string) => FittedStep,
): FittedPipeline {
  const known = new KnownColumns(recipe);
  const names = new RecipeNames();
  const steps: FittedStep[] = [];
  recipe.steps.forEach((written, i) => {
    const where = `steps[${i}] (${written.kind})`;
    for (const spec of names.stepsOf(written, known.contentOf, where)) {
      const step = fit(spec, known, where);
      known.add(step, where);
      names.add(step);
      steps.push(step);
    }
  });
  const outputs = names.expand(recipe.outputs);
  known.checkOutputs(outputs);
  const fitted = { ...recipe, steps, outputs };
  return { format_version: formatVersion(fitted), ...fitted };
}

/** The columns that a recipe reads or outputs without any step known to write them before fitting. */
function guessedNames({ inputs, steps, outputs }: PipelineRecipe): string[] {
  const each = steps.flatMap((step) =>
    'columns' in step && !takesColumns(step.kind)
      ? step.columns.map((column) => ({ ...step, column, columns: [column] }) as unknown as StepSpec)
      : [step as StepSpec],
  );
  const read = each.flatMap((step) => definitionOf(step.kind).reads(step));
  const written = each.flatMap((step) => {
    const definition = definitionOf(step.kind);
    if (!definition.draft) return definition.writes(step as FittedStep);
    return 'output' in step && step.output !== undefined ? [step.output] : [];
  });
  const known = new Set([...inputs.map(({ name }) => name), ...written]);
  return [...new Set([...outputs, ...read])].filter((name) => !known.has(name));
}

/** A name that no column has: the given one, or one with a number appended. */
function unusedName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name;
  for (let i = 2; ; i++) if (!isTaken(`${name}_${i}`)) return `${name}_${i}`;
}

/** Fits and executes feature pipelines: the one interpreter of `pipeline.json`, in training and in serving. */
@Injectable()
export class FeaturePipeline {
  /**
   * Fits a recipe on training rows. Each step is fitted on the outputs of the steps before it; where one of these
   * learnt from the target, on those of {@link compileForTraining}.
   *
   * @param columns one float64 column per raw input, in schema order and of equal length; not changed
   * @param target the target of the rows; needed by some steps
   * @throws PipelineError when the columns do not match the recipe, or the recipe is invalid
   */
  fit(recipe: PipelineRecipe, columns: readonly Float64Array[], target?: Target): FittedPipeline {
    const rows = columns[0]?.length ?? 0;
    if (columns.length !== recipe.inputs.length || columns.some(({ length }) => length !== rows) || rows === 0) {
      throw new PipelineError(
        `fit needs ${recipe.inputs.length} columns of equal length above 0, got lengths [${columns.map(({ length }) => length).join(', ')}]`,
      );
    }
    recipe.inputs.forEach((input, c) => {
      const mayLack = input.nullable || ('unknown' in input && input.unknown === 'missing');
      const row = columns[c].findIndex((value) => !Number.isFinite(value) && !(mayLack && Number.isNaN(value)));
      if (row >= 0) throw new PipelineError(`fit found ${columns[c][row]} in the column "${input.name}" at row ${row}`);
    });
    const training = new TrainingColumns(recipe.inputs, columns, target);
    const fitted = followed(recipe, (spec, known, where) => {
      const definition = definitionOf(spec.kind);
      const unknown = definition.reads(spec).find((name) => !known.lineage.has(name));
      if (unknown !== undefined) throw new PipelineError(`a step reads "${unknown}" before anything writes it`);
      known.checkReads(spec, where);
      const { contentOf, lineage } = known;
      const made = new Set<string>();
      const freshName = (name: string): string => {
        const fresh = unusedName(name, (one) => lineage.has(one) || made.has(one));
        made.add(fresh);
        return fresh;
      };
      const step = definition.fit(spec, training.after(known), rows, { contentOf, target, freshName });
      training.add(step);
      return step;
    });
    if (fitted.outputs.length > MAX_FEATURES) {
      throw new PipelineError(
        `the steps make ${fitted.outputs.length.toLocaleString('en')} features, more than ${MAX_FEATURES.toLocaleString('en')}; ` +
          'set max_categories or min_frequency, or use target_encode or count_encode instead of one_hot',
      );
    }
    return freezeDeep(fitted);
  }

  /**
   * Checks a recipe as far as possible without data.
   *
   * @throws PipelineError when the recipe is invalid
   */
  check(recipe: PipelineRecipe): void {
    const wanted = guessedNames(recipe);
    followed(recipe, (spec, known) => {
      const definition = definitionOf(spec.kind);
      const unknown = wanted.filter((name) => !known.lineage.has(name));
      return definition.draft ? definition.draft(spec, unknown) : (spec as FittedStep);
    });
  }

  /**
   * Binds a fitted pipeline for execution.
   *
   * @throws PipelineError when the pipeline contradicts itself
   */
  compile(pipeline: FittedPipeline): FeatureTransform {
    return new FeatureTransform(freezeDeep(pipeline));
  }

  /**
   * Compiles a fitted pipeline for the very rows that it was fitted on: where a step has learnt from the target, a row
   * gets what was learnt without it (cross-fitting). For all other rows, golden ones included, use {@link compile}.
   *
   * @param columns those that the pipeline was fitted on; only their features can be computed
   * @throws PipelineError when the pipeline contradicts itself, or needs a target
   */
  compileForTraining(pipeline: FittedPipeline, columns: readonly Float64Array[], target: Target): FeatureTransform {
    const training = new TrainingColumns(pipeline.inputs, columns, target);
    const known = new KnownColumns(pipeline);
    pipeline.steps.forEach((step, i) => {
      known.add(step, `steps[${i}] (${step.kind})`);
      training.add(step);
    });
    return new FeatureTransform(freezeDeep(pipeline), training.substitutes(known));
  }
}
