import { readFileSync } from 'node:fs';
import { markdownTable } from '../markdown-table.mjs';

/** How many times as fast as ONNX Runtime the kernel has to be, by the model's first word and the rows of a call. */
const GOALS = {
  forest: { 1: 10, 64: 4, 100_000: 8 },
  wide: { 1: 3, 16: 3, 64: 3, 1_000: 3, 100_000: 3 },
  big: { 1: 3, 16: 3, 64: 3, 1_000: 3, 100_000: 3 },
};
const HEAD = ['model', 'rows', 'ONNX Runtime, us', 'kernel, us', 'native, us', 'times as fast', 'goal', ''];

/** The table of docs/benchmarks.md that `node bench/trees/run.mjs --keep` prints. */
export function treesTable(file) {
  const { models } = JSON.parse(readFileSync(file, 'utf8'));
  const lines = models.flatMap(({ name, cells }) =>
    cells.map(({ rows, runtime, kernel, native, times }) => {
      const goal = GOALS[name.split(':')[0]]?.[rows];
      return [
        name,
        rows.toLocaleString('en-US'),
        ...[runtime, kernel, native].map((figure) => figure?.toFixed(2) ?? '-'),
        times.toFixed(1),
        goal ? `>= ${goal}` : '',
        goal ? (times >= goal ? 'met' : '**missed**') : '',
      ];
    }),
  );
  return markdownTable([HEAD, ...lines]);
}

/** How many times as fast as XGBoost's own predict, the faster of its two ways, by rows of a call. */
const XGBOOST_GOALS = { 1_000: 2, 100_000: 2 };

/** The table of docs/benchmarks.md that `node bench/trees/xgboost.mjs` prints. */
export function xgboostTable(file) {
  const { cells } = JSON.parse(readFileSync(file, 'utf8'));
  const head = ['rows', 'inplace_predict, us', 'predict of a DMatrix, us', 'kernel, us', 'times as fast', 'goal', ''];
  const lines = cells.map(({ rows, inplace, dmatrix, kernel, times }) => {
    const goal = XGBOOST_GOALS[rows];
    return [
      rows.toLocaleString('en-US'),
      ...[inplace, dmatrix, kernel].map((figure) => figure.toFixed(2)),
      times.toFixed(1),
      goal ? `>= ${goal}` : '',
      goal ? (times >= goal ? 'met' : '**missed**') : '',
    ];
  });
  return markdownTable([head, ...lines]);
}
