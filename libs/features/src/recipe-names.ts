import type { ContentLookup } from './content.js';
import { PipelineError } from './pipeline.error.js';
import type { RecipeStep } from './pipeline.js';
import { definitionOf, type FittedStep, type StepSpec, takesColumns } from './steps/index.js';

/** Resolves the names of a recipe to columns, as far as its steps were added. */
export class RecipeNames {
  private readonly groups = new Map<string, readonly string[]>();

  /** Records the columns that a name now stands for. */
  add(step: FittedStep): void {
    const definition = definitionOf(step.kind);
    const name = definition.group?.(step);
    if (name === undefined) return;
    const columns = definition.writes(step);
    if (columns.length === 1 && columns[0] === name) this.groups.delete(name);
    else this.groups.set(name, columns);
  }

  /** The columns that names stand for, in order. */
  expand(names: readonly string[]): string[] {
    return names.flatMap((name) => this.groups.get(name) ?? [name]);
  }

  /**
   * Expands a step of a recipe: one step for each of its columns, or the step itself.
   *
   * @throws PipelineError where the step has both `column` and `columns`
   */
  stepsOf(step: RecipeStep, contentOf: ContentLookup, where: string): StepSpec[] {
    if (!('columns' in step)) return [step];
    const { columns, ...rest } = step;
    if (takesColumns(step.kind)) {
      // A numeric column stands for itself even where a step has made other columns of it.
      const expanded = columns.flatMap((name) => (contentOf(name) === 'numbers' ? [name] : this.expand([name])));
      return [{ ...step, columns: expanded } as StepSpec];
    }
    if ('column' in step) throw new PipelineError(`${where} has both column and columns; give only one of them`);
    if ('output' in step) {
      throw new PipelineError(`${where} names one output of several columns; write a step for each`);
    }
    return columns.map((column) => ({ ...rest, column }) as StepSpec);
  }
}
