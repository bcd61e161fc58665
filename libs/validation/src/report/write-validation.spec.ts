import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RawSchema } from '#schema';
import { temporaryFolder } from '#testing';
import { STRICT } from '../testing/rules.js';
import { TINY_HEADER, TINY_ROWS, validateText } from '../testing/tiny-data.js';
import { plainText, tableText } from './terminal-text.js';
import { validateData } from '../validate-data.js';
import type { ValidationReport } from '../validation-report.js';
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
    const { statistics, details, ...verdict } = report;
    expect(details.missing).toEqual([{ columns: ['n'], rows: 1 }]);
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

  it('draws a target of numbers, and lists classes', async () => {
    const pageOf = async (labels: readonly string[]): Promise<string> => {
      const rows = labels.map((label, i) => `${i % 10},5,${label}\n`).join('');
      await writeValidation(await validateText(folder, TINY_HEADER + rows), join(folder, 'reports'));
      return (await read('validation.html')).replaceAll(/<style[^]*?<\/style>|<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    };
    const prices = await pageOf(Array.from({ length: 30 }, (_, i) => `${100 + i}.5`));
    expect(prices).toContain('30 values, 0 missing; mean 115, standard deviation 8.655; from 100.5 to 129.5');
    expect(prices).toContain(' Target ');
    expect(prices).not.toContain('Classes of');
    const names = await pageOf(Array.from({ length: 30 }, (_, i) => `c${i % 25}`));
    expect(names).toContain('Classes of target Class Rows c0 2 c1 2 ');
    expect(names).toContain(' 5 other classes 5 All checks');
    expect(names).toContain('constantColumns x ok 2 values or more at least 2 values');
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

describe('the page of a table of every kind', () => {
  const KINDS: RawSchema = [
    { name: 'size', type: 'integer', nullable: true },
    { name: 'kind', type: 'category', codes: 'text', values: ['loft', 'house'], unknown: 'other', nullable: true },
    { name: 'street', type: 'text', nullable: false },
    { name: 'lift', type: 'boolean', nullable: true },
    { name: 'day', type: 'date', minimum: '2024-01-02', nullable: false },
  ];
  const page = async (): Promise<{ text: string; report: ValidationReport }> => {
    const data = join(folder, 'kinds.csv');
    const rows = Array.from({ length: 20 }, (_, i) => `${i},loft,<s${i}>,true,2024-01-${10 + i},a`);
    const own = ['NA,NA,x,NA,2024-02-01,b', 'NA,NA,x,false,2024-02-01,b', '7,hut,x,NA,2024-01-01,b'];
    await writeFile(data, ['size,kind,street,lift,day,target', ...rows, ...own, ''].join('\n'));
    const report = await validateData({ data, schema: KINDS, target: 'target', rules: STRICT, memoryMegabytes: 128 });
    await writeValidation(report, join(folder, 'kinds'));
    const html = await readFile(join(folder, 'kinds/validation.html'), 'utf8');
    return { text: html.replace(/<style[^]*?<\/style>|<[^>]*>/g, ' ').replace(/\s+/g, ' '), report };
  };

  it('counts categories, texts and truth values, draws days as such, and tells what is missing together', async () => {
    const { text } = await page();
    expect(text).toContain('kind Value Rows loft 20 other 1 no value 2');
    expect(text).toContain('lift Value Rows true 20 false 1 no value 2');
    expect(text).toMatch(/street Value Rows x 3 &lt;s\d+&gt; 1 .* 6 other values 6/);
    expect(text).toContain('23 values, 0 missing; mean 2024-01-19; from 2024-01-01 to 2024-02-01');
    expect(text).toContain(
      'Columns that lack a value in the same rows Rows Share size, kind 1 4.35 % size, kind, lift 1 4.35 % lift 1 4.35 %',
    );
  });

  it('tells values as they stand in the file, and a day beyond its limits as such', async () => {
    const { report } = await page();
    expect(report.checks.find(({ check, passed }) => check === 'ranges' && !passed)).toMatchObject({
      column: 'day',
      message: 'outside 2024-01-02 to ∞ (found 2024-01-01 to 2024-02-01): 1 row (4.35 %)',
      samples: [
        { row: 23, values: { size: 7, kind: 'other', street: 'x', lift: null, day: '2024-01-01', target: 'b' } },
      ],
    });
  });
});
