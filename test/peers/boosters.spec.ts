import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainPipeline } from '../../libs/importers/src/trees/plain-pipeline.js';
import { translate, type TreeFormat } from '../../libs/importers/src/read-dump.js';
import { compareWithSource, featuresOf, sourceAnswers } from '../../libs/importers/src/trees/testing/source-answers.js';
import { python } from './helper/python.js';

const FIXTURES = 'test/fixtures/boosters';
const SCRIPT = 'test/peers/helper/train_boosters.py';
const FORMATS: Readonly<Record<string, TreeFormat>> = { json: 'xgboost-json', ubj: 'xgboost-ubjson', txt: 'lightgbm' };

const namesIn = (folder: string): string[] =>
  readdirSync(folder).flatMap((file) => /^(.*)\.answers\.json$/.exec(file)?.[1] ?? []);

/**
 * Models that XGBoost and LightGBM train here and now, beside what these libraries answer: 2,000 rows, and for each threshold a
 * row on it and one to either side.
 */
describe('models of XGBoost and LightGBM', () => {
  const folder = mkdtempSync(join(tmpdir(), 'boosters-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('come to the same leaves, and to the same margins as far as the library rounds', () => {
    execFileSync(python('learners'), [SCRIPT, folder], { stdio: ['ignore', 'inherit', 'inherit'] });
    const names = namesIn(folder);
    expect(names).toHaveLength(17);
    for (const name of names) {
      const answers = sourceAnswers(folder, name);
      const { ensemble, ...model } = translate(
        readFileSync(join(folder, answers.file)),
        FORMATS[answers.file.split('.').at(-1)!],
        'best',
      );
      const features = featuresOf(plainPipeline({ ...model, ensemble }), answers);
      const compared = compareWithSource(ensemble, features, answers);
      process.stdout.write(`${answers.library} ${name}: ${JSON.stringify(compared)}\n`);
      expect([name, compared.trees, compared.leavesDiffering]).toEqual([name, answers.leaves[0].length, 0]);
      expect(compared.worstMargin).toBeLessThanOrEqual(1);
      expect(compared.worstPrediction).toBeLessThan(1e-5);
    }
  });

  it('are what the fixtures of npm test hold', () => {
    const fresh = mkdtempSync(join(folder, 'small-'));
    execFileSync(python('learners'), [SCRIPT, fresh, '--small'], { stdio: ['ignore', 'inherit', 'inherit'] });
    for (const name of namesIn(FIXTURES)) {
      const { margins, leaves } = sourceAnswers(fresh, name);
      expect([name, margins, leaves]).toEqual([
        name,
        sourceAnswers(FIXTURES, name).margins,
        sourceAnswers(FIXTURES, name).leaves,
      ]);
    }
  });
});
