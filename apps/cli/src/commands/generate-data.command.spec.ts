import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { temporaryFolder } from '#testing';
import { generateDataCommand } from './generate-data.command.js';

const folder = temporaryFolder();
const output = join(folder, 'made', 'data.csv');

async function run(...line: string[]): Promise<string> {
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const command = generateDataCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  try {
    await command.parseAsync([output, ...line], { from: 'user' });
    return String(log.mock.calls[0][0]);
  } finally {
    log.mockRestore();
  }
}

describe('generate-data', () => {
  it('writes the file and says so', async () => {
    expect(await run('--rows', '1200')).toMatch(/data\.csv written: 1,200 rows in \d+\.\d s\.$/);
    expect(existsSync(output)).toBe(true);
  });

  it('answers machines in JSON', async () => {
    const line = ['--rows', '10', '--drift', 'shift', '--column', 'feature_1', '--amount', '-0.5', '--json'];
    expect(JSON.parse(await run(...line))).toMatchObject({
      output,
      rows: 10,
      seed: 42,
      label_noise: 0,
      drift: { kind: 'shift', column: 'feature_1', amount: -0.5 },
    });
  });

  it.each([
    [['--drift', 'shift'], 'Drift needs all three of --drift, --column and --amount.'],
    [['--amount', '2'], 'Drift needs all three of --drift, --column and --amount.'],
    [['--rows', 'many'], "error: option '--rows <count>' argument 'many' is invalid. It must be a number."],
    [['--drift', 'sideways'], /Allowed choices are shift, scale, missing, range/],
    [['--column', 'target'], /Allowed choices are feature_1, /],
  ])('refuses %j', async (line, message) => expect(run(...line)).rejects.toThrow(message));
});
