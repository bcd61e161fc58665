import {
  byLevels,
  checkWidth,
  countGiven,
  countLevels,
  type Grouping,
  infrequentOf,
  type Level,
  levelsFlaw,
  noLevels,
} from './levels.js';
import { PipelineError } from '../pipeline.error.js';
import type { StepDefinition } from './step.js';

/**
 * A 0/1 column for each category (scikit-learn `OneHotEncoder`). If training rows have missing values, missing is the
 * last category. Infrequent categories share one column after all others.
 */
export interface OneHotSpec extends Grouping {
  readonly kind: 'one_hot';
  readonly column: string;
  /** Prefix of the new columns' names; the column's name if not set. */
  readonly output?: string;
  /** Those of the training rows, sorted, if not set. */
  readonly categories?: readonly Level[];
  /** An unknown value becomes 0 everywhere (`ignore`, if not set), or infrequent. */
  readonly handle_unknown?: 'ignore' | 'infrequent_if_exist';
  /** The category without a column: the first, the first if there are two, or the one in the list. */
  readonly drop?: 'first' | 'if_binary' | readonly [Level];
}

export interface OneHotStep extends OneHotSpec {
  readonly categories: readonly Level[];
  readonly infrequent?: readonly Level[];
  /** Names of the new columns. */
  readonly outputs: readonly string[];
}

type Layout = Pick<OneHotStep, 'categories' | 'infrequent' | 'drop'>;

/** The groups of categories that would get a column each, in order; the infrequent group is last. */
function groupsOf({ categories, infrequent = [] }: Layout): readonly (readonly Level[])[] {
  const together = new Set(infrequent);
  const frequent = categories.filter((level) => !together.has(level)).map((level) => [level]);
  return infrequent.length > 0 ? [...frequent, infrequent] : frequent;
}

/** The index of the group without a column, -1 for none. */
function droppedOf({ drop, infrequent }: Layout, groups: readonly (readonly Level[])[]): number {
  if (drop === undefined) return -1;
  if (drop === 'first') return 0;
  if (drop === 'if_binary') return groups.length === 2 ? 0 : -1;
  return groups.findIndex((group) => group !== infrequent && group[0] === drop[0]);
}

/** The categories of each output column. */
function columnsOf(layout: Layout): readonly (readonly Level[])[] {
  const groups = groupsOf(layout);
  return groups.toSpliced(droppedOf(layout, groups), 1 - Number(droppedOf(layout, groups) < 0));
}

const nameOf = (step: Layout, [level]: readonly Level[]): string =>
  step.infrequent?.includes(level) ? 'infrequent_sklearn' : String(level ?? 'nan');

export const oneHot: StepDefinition<OneHotSpec, OneHotStep> = {
  learns: ['categories', 'infrequent', 'outputs'],
  reads: (step) => [step.column],
  writes: (step) => step.outputs,
  group: (step) => step.output ?? step.column,
  objection: (_, content, name) => noLevels(content, name),
  missing: () => 'fill',
  flaw(step) {
    const doubled = levelsFlaw(step.categories);
    if (doubled) return doubled;
    const stray = step.infrequent?.find((level) => !step.categories.includes(level));
    if (stray !== undefined) return `${JSON.stringify(stray)} is infrequent, but none of the categories`;
    const due = columnsOf(step).length;
    return due === step.outputs.length
      ? undefined
      : `${due} outputs are expected for these categories, not ${step.outputs.length}`;
  },
  draft(step, wanted) {
    const prefix = `${step.output ?? step.column}_`;
    const outputs = wanted.filter((name) => name.startsWith(prefix));
    return { ...step, drop: undefined, categories: outputs.map((name) => name.slice(prefix.length)), outputs };
  },
  fit(step, column, rows, { contentOf, freshName }) {
    const found = countLevels(column(step.column), rows, contentOf(step.column));
    const counted = step.categories ? countGiven(step.categories, found) : found;
    const { categories } = counted;
    const infrequent = infrequentOf(counted, rows, step);
    const layout: Layout = { ...step, categories, ...(infrequent.length > 0 && { infrequent }) };
    if (Array.isArray(step.drop) && droppedOf(layout, groupsOf(layout)) < 0) {
      const [level] = step.drop as readonly [Level];
      const why = infrequent.includes(level) ? 'is infrequent' : 'is in no training row';
      throw new PipelineError(`one_hot cannot drop ${JSON.stringify(level)} of "${step.column}": it ${why}`);
    }
    const columns = columnsOf(layout);
    checkWidth(columns.length, step.column, 'one_hot');
    const prefix = step.output ?? step.column;
    const outputs = columns.map((levels) => freshName(`${prefix}_${nameOf(layout, levels)}`));
    return { ...step, ...layout, outputs };
  },
  bind(step, column, { contentOf, isRewritten }) {
    const columns = columnsOf(step);
    const placeByLevel = new Map(columns.flatMap((levels, place) => levels.map((level) => [level, place] as const)));
    const takesUnknown = step.handle_unknown === 'infrequent_if_exist' && columns.at(-1) === step.infrequent;
    const placeOf = byLevels(
      contentOf(step.column),
      step.categories,
      step.categories.map((level) => placeByLevel.get(level) ?? -1),
      takesUnknown ? columns.length - 1 : -1,
    );
    const from = column(step.column);
    const outputs = step.outputs.map(column);
    const places = new Float64Array(from.length);
    if (step.outputs.some(isRewritten)) {
      return (rows) => {
        placeOf(from, places, rows);
        for (const output of outputs) output.fill(0, 0, rows);
        for (let i = 0; i < rows; i++) if (places[i] >= 0) outputs[places[i]][i] = 1;
      };
    }
    // No other step writes these columns: clearing what the previous rows have set is enough.
    const last = new Float64Array(from.length).fill(-1);
    return (rows) => {
      placeOf(from, places, rows);
      for (let i = 0; i < rows; i++) {
        if (last[i] === places[i]) continue;
        if (last[i] >= 0) outputs[last[i]][i] = 0;
        if (places[i] >= 0) outputs[places[i]][i] = 1;
        last[i] = places[i];
      }
    };
  },
};
