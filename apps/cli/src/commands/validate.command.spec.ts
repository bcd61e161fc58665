import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { temporaryFolder } from '#testing';
import { validateCommand } from './validate.command.js';

const folder = temporaryFolder();
const GOLDEN = 'test/fixtures/golden/dataset.csv';
const reports = join(folder, 'reports');

/** Runs the command and returns its output and exit code. */
async function run(...line: string[]): Promise<{ printed: string; code: unknown }> {
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const before = process.exitCode;
  try {
    await validateCommand().parseAsync(line, { from: 'user' });
    return { printed: log.mock.calls.map(([text]) => String(text)).join('\n'), code: process.exitCode };
  } finally {
    process.exitCode = before;
    log.mockRestore();
  }
}

describe('validate', () => {
  it('passes the golden data set', async () => {
    const { printed, code } = await run(GOLDEN, '--reports', reports);
    const [verdict, where] = printed.split('\n');
    expect(verdict).toBe(`${GOLDEN}: 1,000 rows, 0 errors, 0 warnings: passed.`);
    expect(where.replace(/\d+\.\d s/, 'N s')).toBe(`Checked in N s. Report: ${join(reports, 'validation.html')}`);
    expect(code).toBeUndefined();
    expect(await readdir(reports)).toHaveLength(3);
  });

  it('asks for exit code 2 when an error is found; --json prints the verdict alone', async () => {
    const data = join(folder, 'bad.csv');
    await writeFile(data, 'feature_1,feature_2,feature_3,feature_4,feature_5,target\n1,2,3,400,5,1\n');
    const { printed, code } = await run(data, '--reports', reports, '--json');
    expect(code).toBe(2);
    expect(JSON.parse(printed)).toMatchObject({ passed: false, data: { path: data, rows: 1 } });
  });

  it('teaches', () => {
    let help = '';
    validateCommand()
      .configureOutput({ writeOut: (text) => (help += text) })
      .outputHelp();
    expect(help).toMatch(/Exit codes: 0 passed, 2 an error was found/);
    expect(help).toMatch(/Examples:\n {2}validate\n/);
  });
});
