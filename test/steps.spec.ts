import { readFileSync } from 'node:fs';
import { stepCases } from './helper/steps/cases.js';
import { type Answer, compare } from './helper/steps/step-case.js';

/** Written by test/peers/steps.spec.ts: what scikit-learn makes of the same columns. */
const answers = JSON.parse(readFileSync('test/fixtures/steps/sklearn.json', 'utf8')) as Answer[];
const SHORT_ROWS = 40;
const cases = stepCases(SHORT_ROWS);

describe('steps give the numbers of scikit-learn', () => {
  it('of every case', () => expect(answers).toHaveLength(cases.length));

  it.each(cases.map((one, i) => [i, one.step.kind] as const))('%i %s', (i) => {
    const { apart, apartWithTheirs = 0 } = compare(cases[i], answers[i]);
    expect(apart).toBeLessThanOrEqual(cases[i].tolerance ?? 0);
    expect(apartWithTheirs).toBe(0);
  });
});
