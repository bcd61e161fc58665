import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import { TINY_HEADER, TINY_ROWS, validateText } from '../testing/tiny-data.js';
import { plainText, tableText } from './terminal-text.js';
import { writeValidation } from './write-validation.js';

const folder = temporaryFolder();
const BAD = `${TINY_HEADER}${TINY_ROWS}11,5,<script>\nabc,6,<script>\n`;
const read = (name: string) => readFile(join(folder, 'reports', name), 'utf8');

describe('writeValidation', () => {
  it('writes three files, the same ones every time', async () => {
    const written = async () => {
      await writeValidation(await validateText(folder, BAD), join(folder, 'reports'));
      return Promise.all(['reference_stats.json', 'validation.json', 'validation.html'].map(read));
    };
    const first = await written();
    expect(await written()).toEqual(first);
    expect((await readdir(join(folder, 'reports'))).sort()).toEqual([
      'reference_stats.json',
      'validation.html',
      'validation.json',
    ]);
  });

  it('keeps statistics and verdict apart', async () => {
    const report = await validateText(folder, BAD);
    await writeValidation(report, join(folder, 'reports'));
    const { statistics, ...verdict } = report;
    expect(JSON.parse(await read('reference_stats.json'))).toEqual(statistics);
    expect(JSON.parse(await read('validation.json'))).toEqual(verdict);
  });

  it('makes a page that needs nothing else, and shows data as text', async () => {
    await writeValidation(await validateText(folder, BAD), join(folder, 'reports'));
    const page = await read('validation.html');
    expect(page.match(/<svg /g)).toHaveLength(2);
    expect(page).not.toMatch(/<script|<link|src=/);
    expect(page).toContain('&lt;script&gt;');
    expect(page).toContain('outside 0 to 10 (found 0 to 11): 1 row (16.67 %)');
  });

  it('draws the reference over the data', async () => {
    const page = async (reference?: string) => {
      await writeValidation(await validateText(folder, BAD, {}, reference), join(folder, 'reports'));
      return read('validation.html');
    };
    expect(await page()).not.toContain('var(--plot-1)"');
    expect(await page(join(folder, 'reports', 'reference_stats.json'))).toContain('var(--plot-1)"');
  });
});

describe('the text of a report', () => {
  it('is a line for each failure, and the verdict', async () => {
    const text = plainText(await validateText(folder, `${TINY_HEADER}${TINY_ROWS}11,5,a\n`));
    expect(text).toBe(
      'error: ranges of x: outside 0 to 10 (found 0 to 11): 1 row (20 %); allowed: at most 0 % (validation.ranges.maxShare)\n' +
        `${join(folder, 'data.csv')}: 5 rows, 1 error, 0 warnings: not passed.`,
    );
  });

  it('is a table of all checks on a terminal', async () => {
    const report = await validateText(folder, TINY_HEADER + TINY_ROWS);
    const lines = tableText(report).split('\n');
    expect(lines).toHaveLength(report.checks.length + 3);
    expect(lines.slice(1, -2).every((line) => line.includes('ok'))).toBe(true);
  });
});
