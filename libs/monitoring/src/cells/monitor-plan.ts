import type { Baseline } from '#bundle';
import { type ColumnPlan, categoryPlan, type Counter, isCategory, numberPlan } from './column-plan.js';
import { cellsOfVersion1 } from './equal-width.js';
import { BELOW } from './split.js';

/** A raw column as a model's pipeline names it. */
export interface MonitoredColumn {
  readonly name: string;
  readonly type: string;
  /** The values behind codes; only of categories and texts. */
  readonly values?: readonly (string | number)[];
}

/** What a baseline lacks, and hence what is not monitored. */
export type Lacking = 'baseline' | 'rows before cleaning' | 'scores';

/** The parts of a model that monitoring needs. */
export interface MonitoredModel {
  readonly inputs: readonly MonitoredColumn[];
  /** Labels in the manifest's order; none in a regression. */
  readonly classes: readonly (string | number)[];
  readonly baseline: Baseline | null;
}

/** Rows to count: one column for each raw column, one of scores, one of indices of predicted classes. */
export interface ScoredBatch {
  readonly columns: readonly ArrayLike<number>[];
  readonly scores: ArrayLike<number>;
  /** None in a regression. */
  readonly predicted?: ArrayLike<number>;
}

/** Values of these types always move beyond the training range, so only missing ones are tested. */
const MOVING_TYPES: ReadonlySet<string> = new Set(['date', 'datetime']);

function inputPlan({ name, type, values }: MonitoredColumn, baseline: Baseline): ColumnPlan {
  const cells = baseline.cells?.[name];
  if (cells === undefined) {
    const known = baseline.columns[name];
    if (!known)
      return numberPlan({ name, missing: 0, minimum: null, uppers: [], counts: [], untested: ['missing', 'outside'] });
    return numberPlan({ name, ...cellsOfVersion1(known), untested: ['missing', 'outside'] });
  }
  if (isCategory(cells)) return categoryPlan(name, cells, values ?? []);
  if (!MOVING_TYPES.has(type)) return numberPlan({ name, ...cells });
  const present = cells.counts.reduce((sum, count) => sum + count, 0);
  const plan = numberPlan({ name, missing: cells.missing, minimum: null, uppers: [], counts: [] });
  plan.reference[BELOW] = present;
  return plan;
}

/** Plans of the score and of the predicted class; their reference is rows that were not trained on. */
function outputPlans({ scores }: Baseline, classes: readonly (string | number)[]): ColumnPlan[] {
  if (!scores) return [];
  const { minimum, uppers, bins } = scores;
  const counts = bins.map(({ rows }) => rows);
  const score = numberPlan({ name: 'score', role: 'score', missing: 0, minimum, uppers, counts, isSingle: true });
  const predicted = bins.map((bin) => ('predicted' in bin ? bin.predicted : []));
  if (classes.length < 2) return [score];
  const sums = classes.map((_, c) => predicted.reduce((sum, bin) => sum + bin[c], 0));
  const ranked = sums.map((_, c) => c).sort((a, b) => sums[b] - sums[a]);
  const own = ranked.slice(0, ranked.length <= 16 ? 16 : 15);
  const cells = {
    missing: 0,
    values: own.map((c) => classes[c]),
    counts: own.map((c) => sums[c]),
    other: ranked.slice(own.length).reduce((sum, c) => sum + sums[c], 0),
    singletons: 0,
    unseen: 0,
  };
  return [score, categoryPlan('predicted class', cells, classes, 'class')];
}

/** How the rows of a model version are counted: one array of counts, in which each column's cells start at its offset. */
export class MonitorPlan {
  readonly columns: readonly ColumnPlan[];
  readonly offsets: readonly number[];
  /** Length of an array of counts. */
  readonly length: number;
  /** Index of each column's first split among all splits. */
  readonly firstSplits: readonly number[];
  readonly splits: number;
  readonly lacking: readonly Lacking[];

  constructor({ inputs, classes, baseline }: MonitoredModel) {
    this.columns = baseline
      ? [...inputs.map((input) => inputPlan(input, baseline)), ...outputPlans(baseline, classes)]
      : [];
    let [length, splits] = [0, 0];
    this.offsets = this.columns.map(({ cells }) => (length += cells) - cells);
    this.firstSplits = this.columns.map((column) => (splits += column.splits.length) - column.splits.length);
    [this.length, this.splits] = [length, splits];
    this.lacking =
      !baseline || baseline.rows === 0
        ? ['baseline']
        : [
            ...(baseline.cells ? [] : (['rows before cleaning'] as const)),
            ...(baseline.scores ? [] : (['scores'] as const)),
          ];
  }

  /** Adds the rows from `start` on to `counts`, which has {@link length} elements. Allocates nothing. */
  count({ columns, scores, predicted }: ScoredBatch, start: number, length: number, counts: Counter): void {
    for (let c = 0; c < this.columns.length; c++) {
      const { role, count } = this.columns[c];
      const values = role === 'input' ? columns[c] : role === 'score' ? scores : predicted;
      if (values) count(values, start, length, counts, this.offsets[c]);
    }
  }
}
