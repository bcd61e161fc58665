import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSteps } from '#features';
import { temporaryFolder } from '#testing';
import type { StageOptions } from '../stage.options.js';
import { ownStages } from './own-stages.js';

const home = temporaryFolder();
const file = join(home, 'steps.mjs');
writeFileSync(
  file,
  `export default { kind: 'team.twice', keys: { column: { type: 'string' } }, reads: ({ column }) => [column],
     writes: ({ column }) => [column], fit: (step) => step,
     bind: ({ column: name }, column) => { const x = column(name); return (rows) => { for (let i = 0; i < rows; i++) x[i] *= 2; }; } };`,
);

/** The stages that depend on the file, for a model with such steps. */
function readers(steps: readonly object[] | undefined): string[] {
  const model = {
    name: 'm',
    data: { path: 't.csv', target: 'y', split: { by: 'hash', test: 0.2 } },
    task: 'binary',
    columns: new Map(),
    recipe: steps ? { steps, outputs: ['a'] } : 'auto',
    sections: {},
  };
  const options = {
    own: { file: join(home, 'm.yaml'), home, model },
    data: { path: join(home, 't.csv'), processed: join(home, 'processed') },
    validation: { reports: join(home, 'reports') },
    training: { artifacts: join(home, 'artifacts') },
  } as unknown as StageOptions;
  return ownStages(options)
    .filter(({ deps }) => deps.includes('steps.mjs'))
    .map(({ name }) => name);
}

describe('ownStages', () => {
  beforeAll(() => loadSteps([file]));

  it('depend on the file of a step of your own, which may compute something else when it has changed', () => {
    expect(readers([{ kind: 'team.twice', column: 'a' }])).toEqual(['preprocess', 'train', 'evaluate']);
  });

  it('do not where the recipe has none of its steps', () => {
    expect([readers([{ kind: 'square', column: 'a', output: 'b' }]), readers(undefined)]).toEqual([[], []]);
  });
});
