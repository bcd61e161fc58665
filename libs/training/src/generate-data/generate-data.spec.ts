import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import { literal, readRows, withDuckDb } from '#tables';
import { InputError } from '#kit';
import { targetOf } from './data-recipe.js';
import { generateData, type GenerateHooks, type GenerateOptions } from './generate-data.js';
import { rowBatches } from './row-batches.js';

const folder = temporaryFolder();
const DEFAULTS = { rows: 3_000, seed: 42, labelNoise: 0 };
const generate = async (name: string, options: Partial<GenerateOptions> = {}, hooks?: GenerateHooks) => {
  const output = join(folder, name);
  await generateData({ output, ...DEFAULTS, ...options }, hooks);
  return output;
};
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const table = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map((cell) => (cell === '' ? NaN : Number(cell))));
const column = (rows: number[][], c: number) => rows.map((row) => row[c]);

describe('generateData', () => {
  it('writes the columns of the golden data set in their ranges', async () => {
    const path = await generate('data.csv');
    expect(readFileSync(path, 'utf8')).toMatch(/^feature_1,feature_2,feature_3,feature_4,feature_5,target\n/);
    const rows = table(path);
    expect(rows).toHaveLength(3_000);
    expect(new Set(column(rows, 4))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect(column(rows, 3).every((value) => value >= 0 && value < 100)).toBe(true);
    expect(rows.every(([a, b, , d, , target]) => target === targetOf(a, b, d))).toBe(true);
  });

  it.each(['csv', 'parquet'])('writes the same bytes for a seed, and others for another: %s', async (format) => {
    const first = digest(await generate(`a.${format}`));
    expect(digest(await generate(`b.${format}`))).toBe(first);
    expect(digest(await generate(`c.${format}`, { seed: 43 }))).not.toBe(first);
  });

  it('keeps these bytes from version to version', async () => {
    expect(
      readFileSync(await generate('pinned.csv', { rows: 2 }), 'utf8')
        .split('\n')
        .slice(1),
    ).toEqual([
      '-1.0220280145722938,0.31024430320378815,-2.7986711914041975,84.71459038006783,4,0',
      '0.11495594741556289,0.3555909939810991,0.6645883965564562,70.71286357299526,6,1',
      '',
    ]);
  });

  it('writes every float64 so that it is read back as it was, in both formats', async () => {
    const made = [...rowBatches(DEFAULTS)].flatMap(() => []);
    for (const { rows, features, target } of rowBatches(DEFAULTS)) {
      for (let i = 0; i < rows; i++) made.push([...features.map((values) => values[i]), target[i]] as never);
    }
    expect(table(await generate('exact.csv'))).toEqual(made);
    const parquet = await generate('exact.parquet');
    const read = await withDuckDb({}, (connection) => readRows(connection, `SELECT * FROM ${literal(parquet)}`));
    expect(read.map((row) => Object.values(row as object))).toEqual(made);
  });

  it.each([
    ['shift', 'feature_1', 0.5, (before: number) => before + 0.5],
    ['shift', 'feature_5', 2.4, (before: number) => Math.round(before + 2.4)],
    ['scale', 'feature_4', 1.5, (before: number) => before * 1.5],
  ] as const)('drifts one column: %s %s by %d', async (kind, name, amount, expected) => {
    const before = table(await generate('before.csv'));
    const after = table(await generate('after.csv', { drift: { kind, column: name, amount } }));
    const drifting = Number(name.slice(-1)) - 1;
    expect(column(after, drifting)).toEqual(column(before, drifting).map(expected));
    for (const c of [0, 1, 2, 3, 4].filter((other) => other !== drifting)) {
      expect(column(after, c)).toEqual(column(before, c));
    }
    expect(after.every(([a, b, , d, , target]) => target === targetOf(a, b, d))).toBe(true);
  });

  it('empties a share of a column; the target still knows the values', async () => {
    const before = table(await generate('before.csv'));
    const drift = { kind: 'missing', column: 'feature_1', amount: 0.25 } as const;
    const after = table(await generate('after.csv', { drift }));
    const missing = column(after, 0).filter(Number.isNaN).length;
    expect(Math.abs(missing / 3_000 - 0.25)).toBeLessThan(0.03);
    expect(column(after, 5)).toEqual(column(before, 5));
  });

  it.each([
    ['feature_4', 100, 200],
    ['feature_5', 10, 17],
  ])('draws a share of %s from a new range', async (name, low, high) => {
    const drift = { kind: 'range', column: name, amount: 0.1 } as const;
    const values = column(table(await generate('after.csv', { drift })), Number(name.slice(-1)) - 1);
    const beyond = values.filter((value) => value >= low);
    expect(Math.abs(beyond.length / 3_000 - 0.1)).toBeLessThan(0.02);
    expect(Math.max(...beyond)).toBeLessThanOrEqual(high);
    if (name === 'feature_5') expect(values.every(Number.isInteger)).toBe(true);
  });

  it('turns a share of the targets', async () => {
    const rows = table(await generate('noisy.csv', { labelNoise: 0.1 }));
    const wrong = rows.filter(([a, b, , d, , target]) => target !== targetOf(a, b, d)).length;
    expect(Math.abs(wrong / 3_000 - 0.1)).toBeLessThan(0.02);
  });

  it('tells how far it is', async () => {
    const reported: number[] = [];
    await generate('progress.csv', { rows: 300_000 }, { onProgress: (rows) => reported.push(rows) });
    expect(reported).toEqual([131_072, 262_144, 300_000]);
  });

  it.each(['csv', 'parquet'])('stops when told to and leaves what was there: %s', async (format) => {
    const path = await generate(`kept.${format}`);
    const before = digest(path);
    const controller = new AbortController();
    const reason = new Error('enough');
    const stopped = generate(
      `kept.${format}`,
      { rows: 1_000_000 },
      { signal: controller.signal, onProgress: () => controller.abort(reason) },
    );
    await expect(stopped).rejects.toBe(reason);
    expect(digest(path)).toBe(before);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it.each([
    [{ rows: 0 }, 'The number of rows must be whole and at least 1.'],
    [{ rows: 1.5 }, 'The number of rows must be whole and at least 1.'],
    [{ seed: -1 }, 'The seed must be a whole number of at least 0.'],
    [{ labelNoise: 1.1 }, 'The label noise is a share of the rows, from 0 to 1.'],
    [
      { drift: { kind: 'missing', column: 'feature_1', amount: 2 } as const },
      'The amount of the drift "missing" is a share of the rows, from 0 to 1, not 2.',
    ],
    [
      { drift: { kind: 'shift', column: 'target', amount: 2 } as const },
      'There is no column "target" to drift; there are feature_1, feature_2, feature_3, feature_4, feature_5.',
    ],
    [
      { drift: { kind: 'scale', column: 'feature_5', amount: 1e300 } as const },
      'The amount 1e+300 makes "feature_5" larger than a whole number can be; choose a smaller one.',
    ],
  ])('refuses %j', async (options, message) => {
    await expect(generate('refused.csv', options)).rejects.toThrow(new InputError(message));
  });

  it('refuses a folder as its output', async () => {
    await mkdir(join(folder, 'folder.csv'));
    await expect(generate('folder.csv')).rejects.toThrow(InputError);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('puts no file in the place of a pipe or device', async () => {
    const pipe = join(folder, 'pipe.csv');
    execFileSync('mkfifo', [pipe]);
    await expect(generate('pipe.csv')).rejects.toThrow(
      new InputError(`${pipe} is a folder or device; name a file to write.`),
    );
    expect(statSync(pipe).isFIFO()).toBe(true);
  });
});
