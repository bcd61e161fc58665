import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface Result {
  readonly ratio: number;
  /** Of the difference of the loss, ours minus theirs. */
  readonly interval: readonly [number, number];
}

/** From a table as its package has it to served answers, beside scikit-learn on the same rows: `node bench/tables/run.mjs`. */
it.each([
  ['texts', 'attrition'],
  ['a number', 'diabetes'],
  ['several classes', 'hpc'],
  ['missing values', 'pima'],
])('tells %s as well as scikit-learn does: %s', (_, table) => {
  // It compares single answers with those of `predict`, and fails where they differ.
  const printed = execFileSync(process.execPath, ['bench/tables/run.mjs', '--table', table, '--again']);
  process.stdout.write(printed);
  const { ratio, interval } = JSON.parse(readFileSync(`.cache/tables/results/${table}.json`, 'utf8')) as Result;
  // Few test rows: a difference that may be chance is none.
  expect(interval[0] > 0 ? ratio : 1).toBeLessThanOrEqual(1.05);
});
