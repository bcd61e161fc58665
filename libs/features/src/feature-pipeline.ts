import { Injectable } from '@nestjs/common';
import { columnAfter } from './column-after.js';
import { FeatureTransform } from './feature-transform.js';
import { freezeDeep } from './freeze-deep.js';
import { PipelineError } from './pipeline.error.js';
import type { FittedPipeline, PipelineRecipe } from './pipeline.js';
import { definitionOf } from './steps/index.js';

/**
 * Fits feature pipelines and executes them: the one interpreter of `pipeline.json`, the same in training and in
 * serving.
 */
@Injectable()
export class FeaturePipeline {
  /**
   * Learns a recipe's numbers from training rows. Each step is fitted on what the steps before it computed.
   *
   * @param columns one float64 column per raw input, in schema order and of equal length; not changed
   * @throws PipelineError when the columns do not match the recipe, or the recipe is flawed
   */
  fit(recipe: PipelineRecipe, columns: readonly Float64Array[]): FittedPipeline {
    const rows = columns[0]?.length ?? 0;
    if (columns.length !== recipe.inputs.length || columns.some(({ length }) => length !== rows) || rows === 0) {
      throw new PipelineError(
        `fit needs ${recipe.inputs.length} columns of equal length above 0, got lengths [${columns.map(({ length }) => length).join(', ')}]`,
      );
    }
    recipe.inputs.forEach(({ name, nullable }, c) => {
      const row = columns[c].findIndex((value) => !Number.isFinite(value) && !(nullable && Number.isNaN(value)));
      if (row >= 0) throw new PipelineError(`fit found ${columns[c][row]} in the column "${name}" at row ${row}`);
    });
    const steps: FittedPipeline['steps'][number][] = [];
    const known = new Set(recipe.inputs.map(({ name }) => name));
    for (const spec of recipe.steps) {
      const definition = definitionOf(spec.kind);
      const unknown = definition.reads(spec).find((name) => !known.has(name));
      if (unknown !== undefined) throw new PipelineError(`a step reads "${unknown}" before anything writes it`);
      const column = (name: string): Float64Array => columnAfter(steps, name, recipe.inputs, columns);
      const step = definition.fit(spec, column, rows);
      for (const name of definition.writes(step)) known.add(name);
      steps.push(step);
    }
    const fitted = { format_version: 1, ...recipe, steps } as const;
    this.compile(fitted);
    return freezeDeep(fitted);
  }

  /**
   * Binds a fitted pipeline for execution.
   *
   * @throws PipelineError when the pipeline contradicts itself
   */
  compile(pipeline: FittedPipeline): FeatureTransform {
    return new FeatureTransform(freezeDeep(pipeline));
  }
}
