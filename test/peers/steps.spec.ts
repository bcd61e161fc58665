import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { RandomStream } from '#kit';
import { randomText, stepCases } from '../helper/steps/cases.js';
import { type Answer, asLine, compare, type Level, type StepCase } from '../helper/steps/step-case.js';
import { python } from './helper/python.js';

const FIXTURE = 'test/fixtures/steps/sklearn.json';
const SHORT_ROWS = 40;
const { WRITE_EXPECTATIONS } = process.env;

/** scikit-learn names two columns alike where a category is called as the missing one is. */
const unique = (names: readonly string[]): string[] =>
  names.map((name, i) => (names.indexOf(name) < i ? `${name}_2` : name));

/** What scikit-learn makes of each case. */
function answers(cases: readonly StepCase[]): Answer[] {
  const { stdout } = spawnSync(python('learners'), ['test/peers/helper/fit_steps.py'], {
    input: cases.map((one) => `${asLine(one)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

/**
 * Every step beside scikit-learn's, on 10,000 rows with missing and unknown values, texts of all planes of Unicode, zeros of
 * both signs and the largest numbers. `WRITE_EXPECTATIONS=1` writes what the short form, test/steps.spec.ts, expects.
 */
describe('steps beside scikit-learn', () => {
  const cases = stepCases(10_000);
  let told: Answer[];

  beforeAll(() => (told = answers(cases)));

  it.each(cases.map((one, i) => [i, JSON.stringify(one.step)] as const))('%i %s', (i) => {
    const { apart, apartWithTheirs = 0, names } = compare(cases[i], told[i]);
    expect({ apart: apart <= (cases[i].tolerance ?? 0) ? 'near' : apart, apartWithTheirs }).toEqual({
      apart: 'near',
      apartWithTheirs: 0,
    });
    if (told[i].names && names.join() !== 'y') expect(names).toEqual(unique(told[i].names));
  });

  it('orders texts as Python does', () => {
    const random = new RandomStream(Date.now() % 1e9, 0);
    const texts = [...new Set(Array.from({ length: 1_000 }, () => randomText(random)))];
    const one: StepCase = { step: { kind: 'sorted' }, training: [], rows: texts };
    const ordinal: StepCase = { step: { kind: 'ordinal' }, training: texts, rows: answers([one])[0].texts as Level[] };
    expect(compare(ordinal, { columns: [ordinal.rows.map((_, place) => place)] }).apart).toBe(0);
  });

  it('gives what the short form expects', () => {
    // As text, which knows one zero.
    const short = `${JSON.stringify(answers(stepCases(SHORT_ROWS)))}\n`;
    if (WRITE_EXPECTATIONS) writeFileSync(FIXTURE, short);
    expect(readFileSync(FIXTURE, 'utf8')).toBe(short);
  });
});
