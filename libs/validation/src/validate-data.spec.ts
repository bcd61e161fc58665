import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import { STRICT } from './testing/rules.js';
import { failedNames, failuresOf, TINY_HEADER, TINY_ROWS, TINY_SCHEMA, validateText } from './testing/tiny-data.js';
import { validateData } from './validate-data.js';

const folder = temporaryFolder();
const validate = (text: string, rules = {}) => validateText(folder, text, rules);
/** The only failure of the valid rows followed by these. */
const failureWith = async (rows: string, rules = {}) => {
  const failures = failuresOf(await validate(TINY_HEADER + TINY_ROWS + rows, rules));
  expect(failures).toHaveLength(1);
  return failures[0];
};

describe('validateData', () => {
  it('passes sound data', async () => {
    const report = await validate(TINY_HEADER + TINY_ROWS);
    expect(failuresOf(report)).toEqual([]);
    expect(report).toMatchObject({
      passed: true,
      errors: 0,
      warnings: 0,
      data: { format: 'csv', rows: 4, columns: 3 },
    });
  });

  it.each([
    ['types of a float', '1.5.2,5,a\n', 'types', 'x', 'not a number', { x: '1.5.2', n: 5, target: 'a' }],
    ['a number with separators', '1_000,5,a\n', 'types', 'x', 'not a number', { x: '1_000', n: 5, target: 'a' }],
    ['types of an integer', '1,5.5,a\n', 'types', 'n', 'not a whole number', { x: 1, n: 5.5, target: 'a' }],
    ['a null', ',5,a\n', 'nulls', 'x', 'no value', { x: null, n: 5, target: 'a' }],
    ['NaN', 'nan,5,a\n', 'nulls', 'x', 'no value', { x: null, n: 5, target: 'a' }],
    ['a missing value in words', 'N/A,5,a\n', 'nulls', 'x', 'no value', { x: null, n: 5, target: 'a' }],
    ['overflow', '1e400,5,a\n', 'nonFinite', 'x', 'NaN or infinite', { x: 'Infinity', n: 5, target: 'a' }],
    ['below the range', '-1,5,a\n', 'ranges', 'x', 'outside 0 to 10 (found -1 to 10)', { x: -1, n: 5, target: 'a' }],
    ['above the range', '11,5,a\n', 'ranges', 'x', 'outside 0 to 10 (found 0 to 11)', { x: 11, n: 5, target: 'a' }],
  ])('finds %s', async (_, rows, check, column, wrong, values) => {
    expect(await failureWith(rows)).toEqual({
      check,
      column,
      severity: 'error',
      passed: false,
      observed: 0.2,
      bound: 0,
      count: 1,
      message: `${wrong}: 1 row (20 %)`,
      samples: [{ row: 5, values }],
    });
  });

  it('allows a nullable column its own share of nulls', async () => {
    const rows = '1,,a\n2,,b\n3,,a\n';
    expect(await failureWith(rows, { nulls: { ...STRICT.nulls, maxShareNullable: 0.5 } })).toMatchObject({
      check: 'nulls',
      column: 'n',
      observed: 4 / 7,
      bound: 0.5,
    });
  });

  it('takes rows without a label as it takes gaps of a nullable column, which training leaves out too', async () => {
    const unlabelled = ['', 'NA', ' ', 'null', 'nan'].map((label, i) => `1,${i + 5},${label}\n`);
    expect(failuresOf(await validate(TINY_HEADER + TINY_ROWS + unlabelled.slice(0, 4).join('')))).toEqual([]);
    expect(await failureWith(unlabelled.join(''))).toMatchObject({
      check: 'nulls',
      column: 'target',
      message: 'no label: 5 rows (55.56 %)',
    });
  });

  it('finds values that are not allowed, of numbers and of the target', async () => {
    const allowedValues = { severity: 'error', maxShare: 0, columns: { n: [1, 2, 3], target: ['a', 'b'] } };
    const report = await validate(TINY_HEADER + TINY_ROWS + '1,4,a\n2,1,c\n', { allowedValues });
    expect(failuresOf(report).map(({ column, message }) => [column, message])).toEqual([
      ['n', 'not one of 1, 2, 3: 1 row (16.67 %)'],
      ['target', 'not one of a, b: 1 row (16.67 %)'],
    ]);
  });

  it('takes 1, 1.0 and "1" for one class where all are whole numbers, else leaves labels as they are written', async () => {
    const classes = async (labels: readonly string[]) =>
      (await validate(TINY_HEADER + labels.map((label, i) => `${i},${i},${label}\n`).join(''))).statistics.target
        .classes;
    expect(await classes(['1', '1.0', '"1"', '-2.'])).toEqual({ '1': 3, '-2': 1 });
    expect(await classes(['1', '1.0', '0.5', '0.5'])).toEqual({ '1': 1, '1.0': 1, '0.5': 2 });
    expect(await classes(['1E2', '100', '10E1', '2E1', '01', '1'])).toEqual({
      '1E2': 1,
      '100': 1,
      '10E1': 1,
      '2E1': 1,
      '01': 1,
      '1': 1,
    });
    expect(await classes(['NA', '', 'b', ' ', 'a'])).toEqual({ a: 1, b: 1 });
  });

  it('finds repeated rows, but for the first', async () => {
    expect(await failureWith('2.5,2,b\n2.5,2,b\n10,,b\n')).toMatchObject({
      check: 'duplicates',
      column: null,
      observed: 3 / 7,
      count: 3,
      samples: [{ row: 5 }, { row: 6 }, { row: 7, values: { x: 10, n: null, target: 'b' } }],
    });
  });

  it('finds features with contradicting targets, side by side', async () => {
    expect(await failureWith('5,3,b\n0,1,b\n')).toMatchObject({
      check: 'conflictingLabels',
      count: 4,
      samples: [{ row: 1 }, { row: 6 }, { row: 3 }, { row: 5 }],
    });
  });

  it('finds a constant column', async () => {
    const report = await validate(`${TINY_HEADER}7,1,a\n7,2,b\n`);
    expect(failuresOf(report)).toMatchObject([{ check: 'constantColumns', column: 'x', message: 'every value is 7' }]);
  });

  it('finds a rare class', async () => {
    const classBalance = { severity: 'error', minShare: 0.4 };
    expect(await failureWith('1,7,a\n2,8,a\n', { classBalance })).toMatchObject({
      check: 'classBalance',
      column: 'target',
      observed: 1 / 3,
      bound: 0.4,
      message: 'the rarest of 2 classes, b, has 2 rows (33.33 %)',
    });
  });

  it('finds a class that never occurs, and a single one', async () => {
    const allowedValues = { severity: 'error', maxShare: 0, columns: { target: ['a', 'b', 'c'] } };
    expect(await failureWith('', { allowedValues })).toMatchObject({ check: 'classBalance', observed: 0, count: 0 });
    const single = await validate(`${TINY_HEADER}1,1,a\n2,2,a\n`);
    expect(failuresOf(single)).toMatchObject([{ check: 'classBalance', message: '1 class; two are needed' }]);
  });

  it.each([
    [{ minimum: 5, maximum: 9 }, 5, '4 rows, fewer than 5'],
    [{ minimum: 1, maximum: 3 }, 3, '4 rows, more than 3'],
  ])('finds a wrong number of rows: %j', async (limits, bound, message) => {
    const failure = await failureWith('', { rowCount: { severity: 'warning', ...limits } });
    expect(failure).toMatchObject({ check: 'rowCount', severity: 'warning', observed: 4, bound, message });
  });

  it('finds missing, unexpected and moved columns, and checks the rest', async () => {
    const report = await validate('target,colour,x\na,red,1\nb,blue,-2\n');
    expect(failuresOf(report).map(({ check, column, message }) => [check, column, message])).toEqual([
      ['missingColumns', null, 'missing: n'],
      ['unexpectedColumns', null, 'not in the recipe: colour'],
      ['columnOrder', null, "in another order than the recipe's: target, x"],
      ['ranges', 'x', 'outside 0 to 10 (found -2 to 1): 1 row (50 %)'],
    ]);
    expect(report).toMatchObject({ passed: false, errors: 2, warnings: 2 });
  });

  it('tells of the column that a delimiter at the end of every line makes', async () => {
    const text = `${TINY_HEADER}${TINY_ROWS}`.replaceAll(/(?<=.)$/gm, ',');
    expect(failuresOf(await validate(text))).toMatchObject([
      {
        check: 'unexpectedColumns',
        message: 'not in the recipe: a column without a name (does the header end with a delimiter?)',
      },
    ]);
  });

  it('expects the columns that the recipe says it does not use', async () => {
    const data = join(folder, 'unused.csv');
    await writeFile(data, `id,${TINY_HEADER}${TINY_ROWS.replaceAll(/^(?=.)/gm, '7,')}`);
    const options = { data, schema: TINY_SCHEMA, target: 'target', rules: STRICT, memoryMegabytes: 128 };
    expect(failedNames(await validateData(options))).toEqual(['unexpectedColumns']);
    expect(failedNames(await validateData({ ...options, unused: ['id'] }))).toEqual([]);
  });

  it('finds lines that are no rows, and reads the others', async () => {
    expect(await failureWith('1,2\n3,4,a,5\n')).toMatchObject({
      check: 'malformedRows',
      observed: 2 / 6,
      count: 2,
      samples: [
        { row: 5, values: { line: '1,2', reason: 'it has 2 cells, but the header has 3' } },
        { row: 6, values: { line: '3,4,a,5', reason: 'it has 4 cells, but the header has 3' } },
      ],
    });
  });

  it('reports everything at once', async () => {
    const report = await validate(`${TINY_HEADER}abc,1,a\n,2.5,b\n-3,3,a\nNaN,4,b\n1,5,a\n1,5,a\n1,5,b\n1\n`, {
      rowCount: { severity: 'error', minimum: 10, maximum: 100 },
    });
    expect(failedNames(report)).toEqual([
      'malformedRows',
      'rowCount',
      'types:x',
      'nulls:x',
      'ranges:x',
      'types:n',
      'duplicates',
      'conflictingLabels',
    ]);
  });

  it('shows at most 20 rows, the first, and counts all', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => `${100 + i},${10 + i},a`).join('\n');
    const { count, samples } = await failureWith(rows, { classBalance: { severity: 'off', minShare: 0 } });
    expect([count, samples.length, samples[0].row, samples[19].row]).toEqual([50, 20, 5, 24]);
  });

  it('tolerates the share a rule allows, and is silent on rules that are off', async () => {
    const tolerant = await validate(`${TINY_HEADER}${TINY_ROWS}11,5,a\n`, {
      ranges: { severity: 'error', maxShare: 0.2 },
    });
    expect(tolerant.checks.find(({ check }) => check === 'ranges')).toMatchObject({
      passed: true,
      observed: 0.2,
      count: 1,
    });
    const off = await validate(`${TINY_HEADER}${TINY_ROWS}11,5,a\n`, { ranges: { severity: 'off', maxShare: 0 } });
    expect(off.checks.some(({ check }) => check === 'ranges')).toBe(false);
    expect(off.passed).toBe(true);
  });

  it('passes with warnings', async () => {
    const report = await validate(`${TINY_HEADER}${TINY_ROWS}11,5,a\n`, {
      ranges: { severity: 'warning', maxShare: 0 },
    });
    expect(report).toMatchObject({ passed: true, errors: 0, warnings: 1 });
  });
});
