import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppConfig } from '#config';
import { temporaryFolder } from '#testing';
import { modelRules } from './model-rules.js';

const home = temporaryFolder();
const SETTINGS = {
  rows: 'sample',
  sampleShare: 0.5,
  slices: 'plan  region',
  excluded: undefined,
  minimumAccuracy: undefined,
  maximumMae: 4,
} as unknown as AppConfig['monitor'];
const NOTHING = { keep: { rows: 'off', share: 1, slices: [], excluded: [] }, bounds: {} };

/** @returns the rules, and the reported problems */
function rulesOf(file?: string): [unknown, string[]] {
  mkdirSync(join(home, 'config/models'), { recursive: true });
  if (file !== undefined) writeFileSync(join(home, 'config/models/m.yaml'), file);
  const problems: string[] = [];
  return [
    modelRules(home, file === undefined ? 'other' : 'm', SETTINGS, (problem) => problems.push(problem)),
    problems,
  ];
}

it('are those of the settings where the model has no file or no section', () => {
  const keep = { rows: 'sample', share: 0.5, slices: ['plan', 'region'], excluded: [] };
  for (const file of [undefined, 'name: m\n', 'monitor: {}\n'])
    expect(rulesOf(file)).toEqual([{ keep, bounds: { maximumMae: 4 } }, []]);
});

it('are those of its own file, key by key', () => {
  expect(rulesOf('monitor: { rows: all, excluded: [name], minimumAccuracy: 0.8, maximumMae: 2.5 }')).toEqual([
    {
      keep: { rows: 'all', share: 0.5, slices: ['plan', 'region'], excluded: ['name'] },
      bounds: { minimumAccuracy: 0.8, maximumMae: 2.5 },
    },
    [],
  ]);
});

it.each([
  ['rows: some', 'monitor.rows must be off, sample or all'],
  ['sampleShare: 2', 'monitor.sampleShare must be a number from 0 to 1'],
  ['slices: plan', 'monitor.slices must be a list of columns'],
  ['slices: [a, b, c, d, e]', 'monitor.slices names more than 4 columns'],
  ['minimumAccuracy: 90', 'monitor.minimumAccuracy must be a number from 0 to 1'],
  ['maximumMae: cheap', 'monitor.maximumMae must be a number of at least 0'],
])('with "%s" keep nothing, and say why', (line, why) => {
  const [rules, [problem]] = rulesOf(`monitor: { ${line} }`);
  expect(rules).toEqual(NOTHING);
  expect(problem).toBe(
    `config/models/m.yaml: ${why}; no raw rows and no slices of m are stored, and its quality bounds are ignored`,
  );
});
