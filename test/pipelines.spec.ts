import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostedWorkspace, temporaryFolder } from '#testing';
import type { RunningApi } from './helper/boot.js';
import { compareServed, pipelinesIn, serveExports } from './helper/pipelines.js';

const FIXTURES = join(process.cwd(), 'test/fixtures/sklearn');

describe('Pipelines of scikit-learn, served', () => {
  let api: RunningApi;
  const folder = temporaryFolder();
  beforeAll(async () => (api = await serveExports(FIXTURES, folder)));
  afterAll(() => api.close());

  it.each(pipelinesIn(FIXTURES))('%s answers raw rows as scikit-learn does', async (name) => {
    const { worst, ...counts } = await compareServed(api, FIXTURES, name);
    expect(counts).toEqual({ rows: 20, labelsDiffering: 0, aloneDiffering: 0 });
    expect(worst).toBeLessThan(2e-6);
  });

  it('name the raw columns as the table had them', async () => {
    const { body } = await api.ask('/models/forest-binary-mixed');
    expect(body.signature.inputs).toEqual([
      { name: 'age', type: 'float', nullable: true },
      { name: 'income', type: 'float', nullable: true },
      { name: 'visits', type: 'integer', nullable: true },
      expect.objectContaining({ name: 'city', type: 'category', codes: 'text', unknown: 'other' }),
      expect.objectContaining({ name: 'plan', type: 'category', codes: 'number', values: [1, 2, 5], unknown: 'error' }),
      { name: 'member', type: 'boolean', nullable: true },
      { name: 'since', type: 'date', nullable: true },
    ]);
  });
});

describe('A pipeline of scikit-learn, imported by the command line', () => {
  const workspace = new HostedWorkspace();

  it('is told with what it was proven by', async () => {
    const file = join(FIXTURES, 'forest-binary-mixed.json');
    const { code, stdout } = await workspace.run('import', file, '--name', 'churn', '--champion');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^models\/churn\/1 written\.\nRandomForestClassifier of 3 trees: 7 columns become \d+ features\.\n\d+ rows with answers of the source are reproduced: to \S+, as a batch and one by one\.\nVersion 1 is the champion\. /,
      ),
    ]);
  });

  it('without answers waits for a person, and then serves', async () => {
    const exported = JSON.parse(readFileSync(join(FIXTURES, 'svc-multi-numbers.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    writeFileSync(join(workspace.root, 'bare.json'), JSON.stringify({ ...exported, rows: [] }));
    const { code, stdout } = await workspace.run('import', 'bare.json', '--name', 'bare');
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining(
        'LinearSVC decides and tells no probabilities: the probability of the class that it decides for is served as 1.',
      ),
    ]);
    expect(stdout).toContain('skewless models promote bare 1 --unproven');
    expect(await workspace.json('models', 'promote', 'bare', '1', '--unproven')).toMatchObject({ to: '1' });
  });
});
