import { CellDrawer, stepsOf } from './draw-cells.mjs';
import { COLUMNS, scoreOf } from './table.mjs';

/** The steps of categories in thousands are the same in every stream. */
const CATEGORY_STEPS = COLUMNS.map(({ type, of }) => (type === 'category' ? stepsOf(of) : undefined));
export const isPositive = (score) => (score > 0.5 ? 1 : 0);

/** Codes of a baseline's categories: the values that its rows have, in their order. */
function vocabularyOf(values, column) {
  if (COLUMNS[column].type !== 'category') return undefined;
  const known = [...new Set(values.filter((value) => value === value))];
  const codes = new Int32Array(COLUMNS[column].values).fill(-1);
  known.forEach((value, code) => (codes[value] = code));
  return { values: known, codeOf: (value) => (value === value ? (codes[value] ?? -1) : NaN) };
}

/** A model's version as the watch sees it, its baseline counted from rows. Labels are drawn by the rows' scores. */
export function drawModel({ MonitorPlan, bundle }, random, { columns, scores }) {
  const vocabularies = columns.map(vocabularyOf);
  const cells = columns.map((values, c) => {
    const vocabulary = vocabularies[c];
    if (!vocabulary) return [`c${c}`, bundle.numberCells(values)];
    return [`c${c}`, bundle.categoryCells(values.map(vocabulary.codeOf), vocabulary.values)];
  });
  const labels = scores.map((score) => (random.uniform() < score ? 1 : 0));
  const baseline = {
    format_version: 2,
    rows: scores.length,
    columns: {},
    cells: Object.fromEntries(cells),
    scores: bundle.classScoreTable({ scores, predicted: scores.map(isPositive), labels, classes: 2 }),
  };
  const inputs = COLUMNS.map(({ type }, c) => ({ name: `c${c}`, type, values: vocabularies[c]?.values }));
  return { plan: new MonitorPlan({ inputs, classes: [0, 1], baseline }), vocabularies };
}

/** What draws the cells of a model's rows: one for each raw column, and one for score and class. */
export function drawersOf({ plan, vocabularies }, change) {
  const [one, scratch] = [new Float64Array(1), new Float64Array(plan.length)];
  const counted = (column, value) => {
    one[0] = value;
    plan.columns[column].count(one, 0, 1, scratch, 0);
    const cell = scratch.indexOf(1);
    scratch[cell] = 0;
    return plan.offsets[column] + cell;
  };
  const placesOf = (column, of) => {
    const { codeOf } = vocabularies[column] ?? {};
    const steps = codeOf
      ? CATEGORY_STEPS[column].map(({ from, value }) => ({ from, value: counted(column, codeOf(of(value))) }))
      : stepsOf((z) => counted(column, of(COLUMNS[column].of(z))));
    return steps.map(({ from, value }) => ({ from, value: { place: value } }));
  };
  const inputs = COLUMNS.map(({ missing = 0 }, column) => {
    const parts = [{ share: 1, steps: placesOf(column, (value) => value) }];
    if (change?.column === column) {
      parts[0].share -= change.share;
      parts.push({ share: change.share, steps: placesOf(column, change.of) });
    }
    return new CellDrawer(parts, missing, { place: counted(column, NaN) });
  });
  const [score, predicted] = [COLUMNS.length, COLUMNS.length + 1];
  const both = stepsOf((z) => counted(score, scoreOf(z)) * plan.length + counted(predicted, isPositive(scoreOf(z))));
  const steps = both.map(({ from, value }) => ({
    from,
    value: { place: Math.floor(value / plan.length), also: value % plan.length },
  }));
  return [...inputs, new CellDrawer([{ share: 1, steps }], 0, { place: 0 })];
}
