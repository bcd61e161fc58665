import type { RawColumn, RawSchema, VocabularyColumn } from '#schema';
import type { PipelineRecipe, RecipeStep } from './pipeline.js';

/** What the choice of steps depends on, besides the columns. */
export interface AutoRecipeOptions {
  /** Trees compare single numbers; a linear model adds them up, so they must be on one scale. */
  readonly learner: 'trees' | 'linear';
  /** Whether the learner accepts missing values. */
  readonly acceptsMissing: boolean;
}

/** The most levels to one-hot encode; with more, the target's mean is more informative. */
const ONE_HOT_LEVELS = { trees: 15, linear: 50 } as const;
/** Length of each cycle. */
const PERIODS = { month: 12, weekday: 7, hour: 24 } as const;

const isVocabulary = (column: RawColumn): column is VocabularyColumn =>
  column.type === 'category' || column.type === 'text';

const mayLack = (column: RawColumn): boolean =>
  column.nullable || (isVocabulary(column) && column.unknown === 'missing');

/** The steps of one column, and the features that they produce. */
interface Chosen {
  readonly steps: readonly RecipeStep[];
  readonly outputs: readonly string[];
  /** The features to scale. */
  readonly scaled?: readonly string[];
}

/** Imputes a column and adds an indicator of its missing values. */
function filled(column: RawColumn, { acceptsMissing, learner }: AutoRecipeOptions, name: NewName): Chosen {
  if (!mayLack(column) || (acceptsMissing && learner === 'trees')) return { steps: [], outputs: [] };
  const output = name(`missingindicator_${column.name}`);
  const strategy = column.type === 'boolean' ? 'most_frequent' : 'median';
  return {
    steps: [
      { kind: 'missing_indicator', column: column.name, output },
      { kind: 'impute', column: column.name, strategy },
    ],
    outputs: [output],
  };
}

function ofCategories({ name: column, values }: VocabularyColumn, options: AutoRecipeOptions, name: NewName): Chosen {
  const { learner, acceptsMissing } = options;
  const levels = values?.length ?? Infinity;
  if (learner === 'trees' && levels <= 2) {
    const encoded_missing_value = acceptsMissing ? null : -2;
    return { steps: [{ kind: 'ordinal', column, encoded_missing_value }], outputs: [column] };
  }
  if (levels <= ONE_HOT_LEVELS[learner]) {
    return { steps: [{ kind: 'one_hot', column, handle_unknown: 'infrequent_if_exist' }], outputs: [column] };
  }
  const count = name(`${column}_count`);
  return {
    steps: [
      { kind: 'count_encode', column, output: count },
      { kind: 'target_encode', column },
    ],
    outputs: [column, count],
    scaled: [column, count],
  };
}

function ofTime(column: RawColumn, options: AutoRecipeOptions, name: NewName): Chosen {
  const gaps = filled(column, options, name);
  const isMoment = column.type === 'datetime';
  const days = name(`${column.name}_days`);
  const elapsed: RecipeStep = {
    kind: 'elapsed',
    column: column.name,
    reference: '1970-01-01',
    unit: 'days',
    output: days,
  };
  const round = ['month', 'weekday', ...(isMoment ? ['hour'] : [])] as (keyof typeof PERIODS)[];
  const parts = options.learner === 'trees' ? (['year', 'day', 'day_of_year', ...round] as const) : round;
  const output = name(column.name, parts);
  const names = parts.map((part) => `${output}_${part}`);
  const dated: RecipeStep = { kind: 'date_parts', column: column.name, output, parts };
  if (options.learner === 'trees') {
    return { steps: [...gaps.steps, elapsed, dated], outputs: [days, ...names, ...gaps.outputs] };
  }
  const cycles = round.map((part, i): RecipeStep => ({ kind: 'cyclical', column: names[i], period: PERIODS[part] }));
  const points = names.flatMap((one) => [`${one}_sin`, `${one}_cos`]);
  return {
    steps: [...gaps.steps, elapsed, dated, ...cycles],
    outputs: [days, ...points, ...gaps.outputs],
    scaled: [days],
  };
}

function chosenOf(column: RawColumn, options: AutoRecipeOptions, name: NewName): Chosen {
  if (isVocabulary(column)) return ofCategories(column, options, name);
  if (column.type === 'date' || column.type === 'datetime') return ofTime(column, options, name);
  const { steps, outputs } = filled(column, options, name);
  const scaled = column.type === 'boolean' ? [] : [column.name];
  return { steps, outputs: [column.name, ...outputs], scaled };
}

/** Returns a name for new columns that is not taken, alone or before any of the endings. */
type NewName = (wanted: string, endings?: readonly string[]) => string;

function newNames(inputs: RawSchema): NewName {
  const taken = new Set(inputs.map(({ name }) => name));
  return (wanted, endings) => {
    const namesOf = (name: string): string[] => endings?.map((ending) => `${name}_${ending}`) ?? [name];
    let name = wanted;
    for (let i = 2; namesOf(name).some((one) => taken.has(one)); i++) name = `${wanted}_${i}`;
    for (const one of namesOf(name)) taken.add(one);
    return name;
  };
}

/**
 * Chooses steps as a careful engineer would: numbers unchanged for trees, imputed and scaled for a linear model;
 * categories of few values one-hot, those of many by count and by the target's mean; dates by their parts.
 *
 * @param inputs categories and texts with their values; a column without counts as having many
 */
export function autoRecipe(
  inputs: RawSchema,
  options: AutoRecipeOptions,
): Pick<PipelineRecipe, 'steps' | 'outputs' | 'accepts_missing'> {
  const name = newNames(inputs);
  const chosen = inputs.map((column) => chosenOf(column, options, name));
  const steps = chosen.flatMap((one) => one.steps);
  // These steps name their outputs by data, so they come last, when all other names are known.
  const isNamedLater = ({ kind }: RecipeStep): boolean => kind === 'one_hot' || kind === 'target_encode';
  const ordered = [...steps.filter((step) => !isNamedLater(step)), ...steps.filter(isNamedLater)];
  const scaled = options.learner === 'linear' ? chosen.flatMap((one) => one.scaled ?? []) : [];
  return {
    steps: scaled.length > 0 ? [...ordered, { kind: 'standardize', columns: scaled }] : ordered,
    outputs: chosen.flatMap((one) => one.outputs),
    ...(options.acceptsMissing && options.learner === 'trees' && { accepts_missing: true }),
  };
}
