import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareWithSource, featuresOf, sourceAnswers } from './trees/testing/source-answers.js';
import { translate, type TreeFormat } from './read-dump.js';
import { plainPipeline } from './trees/plain-pipeline.js';

const FOLDER = 'test/fixtures/boosters';
const FORMATS: Readonly<Record<string, TreeFormat>> = { json: 'xgboost-json', ubj: 'xgboost-ubjson', txt: 'lightgbm' };
const NAMES = readdirSync(FOLDER).flatMap((file) => /^(.*)\.answers\.json$/.exec(file)?.[1] ?? []);

describe('Translated models', () => {
  it('are eight, of both libraries', () => expect(NAMES).toHaveLength(8));

  it.each(NAMES)('answer as their library did, also on thresholds and next to them: %s', (name) => {
    const answers = sourceAnswers(FOLDER, name);
    const bytes = readFileSync(join(FOLDER, answers.file));
    const model = translate(bytes, FORMATS[answers.file.split('.').at(-1)!], 'best');
    const features = featuresOf(plainPipeline(model), answers);
    const compared = compareWithSource(model.ensemble, features, answers);
    expect(compared).toMatchObject({ rows: answers.rows.length, trees: answers.leaves[0].length, leavesDiffering: 0 });
    expect(compared.worstMargin).toBeLessThanOrEqual(1);
    expect(compared.worstPrediction).toBeLessThan(1e-6);
  });
});
