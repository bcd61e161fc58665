import type { PipelineRecipe, RecipeStep } from '#features';
import type { LearnerKind } from '#learners';
import type { RawColumn } from '#schema';

/** More categories would make a table mostly of zeros; then the mean of the target tells as much in one column. */
const MOST_ONE_HOT = 12;
const DATE_PARTS = ['year', 'month', 'day', 'weekday', 'day_of_year'] as const;

interface Parts {
  readonly steps: RecipeStep[];
  readonly outputs: string[];
}

/** Numbers that may lack a value: as they are where the learner minds none, else filled, and told that they were. */
function numbers(names: readonly string[], nullable: boolean, takes: boolean): Parts {
  if (!nullable || takes) return { steps: [], outputs: [...names] };
  const flags = names.map((column) => ({ kind: 'missing_indicator', column, output: `${column}_missing` }) as const);
  const filled = names.map((column) => ({ kind: 'impute', column, strategy: 'median' }) as const);
  return { steps: [...flags, ...filled], outputs: [...names, ...flags.map(({ output }) => output)] };
}

function partsOf(column: RawColumn, takes: boolean): Parts {
  const { name, type, nullable } = column;
  switch (type) {
    case 'category':
    case 'text': {
      const count = column.values?.length ?? 0;
      const step: RecipeStep =
        count <= MOST_ONE_HOT ? { kind: 'one_hot', column: name } : { kind: 'target_encode', column: name };
      return { steps: [step], outputs: [name] };
    }
    case 'date':
    case 'datetime': {
      const parts = [...DATE_PARTS, ...(type === 'datetime' ? (['hour', 'minute'] as const) : [])];
      const elapsed = `${name}_days`;
      const made = [...parts.map((part) => `${name}_${part}`), elapsed];
      const { steps, outputs } = numbers(made, nullable, takes);
      return {
        steps: [
          { kind: 'elapsed', column: name, reference: '1970-01-01', unit: 'days', output: elapsed },
          { kind: 'date_parts', column: name, parts },
          ...steps,
        ],
        outputs,
      };
    }
    case 'boolean':
    case 'float':
    case 'integer':
      return numbers([name], nullable, takes);
  }
}

/**
 * Steps from columns of any kind to features that a learner takes: categories as columns of their own or by the mean of the
 * target, days and times in their parts and as days gone by, gaps as the learner minds them.
 */
export function autoRecipe(recipe: PipelineRecipe, algorithm: LearnerKind): PipelineRecipe {
  const takes = false;
  const parts = recipe.inputs.map((column) => partsOf(column, takes));
  const outputs = parts.flatMap((part) => part.outputs);
  const isLinear = algorithm === 'logistic_regression' || algorithm === 'ridge';
  return {
    ...recipe,
    steps: [
      ...parts.flatMap((part) => part.steps),
      ...(isLinear ? [{ kind: 'standardize', columns: outputs } as const] : []),
    ],
    outputs,
  };
}
