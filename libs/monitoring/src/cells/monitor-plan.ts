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

/** What a baseline lacks: what is not watched for that reason. */
export type Lacking = 'baseline' | 'rows before cleaning' | 'scores';

/** A model as far as it is watched. */
export interface MonitoredModel {
  readonly inputs: readonly MonitoredColumn[];
  /** Labels in the manifest's order; none in a regression. */
  readonly classes: readonly (string | number)[];
  readonly baseline: Baseline | null;
}

/** Rows to count: a column of numbers for each raw column, one for scores, one for places of predicted classes. */
export interface ScoredBatch {
  readonly columns: readonly ArrayLike<number>[];
  readonly scores: ArrayLike<number>;
  /** None in a regression. */
  readonly predicted?: ArrayLike<number>;
}

/** They lie beyond what training has seen by nature, so that only gaps in them are news. */
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

/** The score on rows that were not trained on, and the classes that were predicted there. */
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

/** How the rows of a version of a model are counted: all columns in one array, the cells of each from its offset on. */
export class MonitorPlan {
  readonly columns: readonly ColumnPlan[];
  readonly offsets: readonly number[];
  /** Of an array of counts. */
  readonly length: number;
  /** Place of a column's first split among those of all. */
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

  /** Adds the rows from `start` on to `counts`, which has {@link length} places. Makes no object. */
  count({ columns, scores, predicted }: ScoredBatch, start: number, length: number, counts: Counter): void {
    for (let c = 0; c < this.columns.length; c++) {
      const { role, count } = this.columns[c];
      const values = role === 'input' ? columns[c] : role === 'score' ? scores : predicted;
      if (values) count(values, start, length, counts, this.offsets[c]);
    }
  }
}
