import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningApi } from '../helper/boot.js';
import { compareServed, pipelinesIn, serveExports } from '../helper/pipelines.js';
import { python } from './helper/python.js';

const FIXTURES = 'test/fixtures/sklearn';
const SCRIPT = 'test/peers/helper/fit_pipelines.py';

/** Pipelines that scikit-learn fits here and now: exported, imported, served over HTTP, and beside what it answers itself. */
describe('pipelines of scikit-learn', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipelines-'));
  let api: RunningApi;
  beforeAll(async () => {
    execFileSync(python('learners'), [SCRIPT, folder], { stdio: ['ignore', 'inherit', 'inherit'] });
    api = await serveExports(folder, join(folder, 'models'));
  });
  afterAll(async () => {
    await (api as RunningApi | undefined)?.close();
    rmSync(folder, { recursive: true });
  });

  it('are served with its answers', async () => {
    const names = pipelinesIn(folder);
    expect(names).toHaveLength(37);
    for (const name of names) {
      const compared = await compareServed(api, folder, name);
      process.stdout.write(`${name}: ${JSON.stringify(compared)}\n`);
      // Probabilities are told to six digits; XGBoost adds up in float32.
      const tolerance = name.startsWith('xgboost') ? 2e-6 : /regression|counts/.test(name) ? 1e-9 : 1e-6;
      expect([name, compared.rows, compared.labelsDiffering, compared.aloneDiffering]).toEqual([name, 300, 0, 0]);
      expect([name, compared.worst < tolerance ? 'near' : compared.worst]).toEqual([name, 'near']);
    }
  });

  it('that cannot be exported are refused by name, with what to do instead', () => {
    const refused = JSON.parse(readFileSync(join(folder, 'refused.json'), 'utf8')) as Record<string, string>;
    expect(refused).toEqual(JSON.parse(readFileSync(join(FIXTURES, 'refused.json'), 'utf8')));
    expect(Object.keys(refused)).toHaveLength(14);
    for (const [name, text] of Object.entries(refused)) {
      const estimator = name === 'a function of your own' ? 'FunctionTransformer' : name.split(' ')[0];
      expect(text).toMatch(new RegExp(`^${estimator}.* is not exported.*: `));
    }
  });

  it('are what the fixtures of npm test hold', () => {
    const fresh = mkdtempSync(join(folder, 'small-'));
    execFileSync(python('learners'), [SCRIPT, fresh, '--small'], { stdio: ['ignore', 'inherit', 'inherit'] });
    for (const name of pipelinesIn(FIXTURES)) {
      for (const file of [`${name}.json`, `${name}.answers.json`]) {
        expect([file, readFileSync(join(fresh, file), 'utf8')]).toEqual([
          file,
          readFileSync(join(FIXTURES, file), 'utf8'),
        ]);
      }
    }
  });
});
