import { checkPipeline } from './check-pipeline.js';
import { PipelineError } from './pipeline.error.js';
import type { FittedPipeline } from './pipeline.js';
import type { RawColumn } from '#schema';
import type { FittedStep } from './steps/index.js';

const raw = (name: string, nullable = false): RawColumn => ({ name, type: 'float', nullable });
const square = (column: string, output: string): FittedStep => ({ kind: 'square', column, output });

const pipelineOf = (parts: Partial<FittedPipeline>): FittedPipeline => ({
  format_version: 1,
  inputs: [raw('a'), raw('b')],
  steps: [],
  outputs: ['a'],
  ...parts,
});

describe('checkPipeline', () => {
  it('tells the raw columns that every column is computed from', () => {
    const { lineage } = checkPipeline(
      pipelineOf({
        steps: [
          square('b', 'bb'),
          { kind: 'product', left: 'a', right: 'bb', output: 'abb' },
          { kind: 'bins', column: 'abb', edges: [0, 1, 2, 3], outputs: ['low', 'high'] },
          { kind: 'standardize', columns: ['abb'], mean: [0], scale: [1] },
        ],
        outputs: ['high'],
      }),
    );
    expect(Object.fromEntries([...lineage].map(([name, sources]) => [name, [...sources]]))).toEqual({
      a: [0],
      b: [1],
      bb: [1],
      abb: [0, 1],
      low: [0, 1],
      high: [0, 1],
    });
  });

  it.each<[string, Partial<FittedPipeline>, string]>([
    [
      'a step that reads an unknown column',
      { steps: [square('a', 'aa'), square('c', 'cc')] },
      'steps[1] (square) names the column "c"; known here: a, b, aa',
    ],
    [
      'a step that reads what only a later step writes',
      { steps: [square('bb', 'x'), square('b', 'bb')] },
      'steps[0] (square) names the column "bb"; known here: a, b',
    ],
    [
      'an unknown column to standardize',
      { steps: [{ kind: 'standardize', columns: ['a', 'z'], mean: [0, 0], scale: [1, 1] }] },
      'steps[0] (standardize) names the column "z"; known here: a, b',
    ],
    ['an unknown output', { outputs: ['a', 'aa'] }, 'outputs[1] names the column "aa"; known here: a, b'],
    ['a doubled input', { inputs: [raw('a'), raw('a')] }, 'inputs[1] repeats the column "a"; names must be unique'],
    [
      'a step that writes over a raw column',
      { steps: [square('a', 'b')] },
      'steps[0] (square) writes "b", which exists already; choose another output',
    ],
    [
      'two bins of one name',
      { steps: [{ kind: 'bins', column: 'a', edges: [0, 1, 2, 3], outputs: ['x', 'x'] }] },
      'steps[0] (bins) writes "x", which exists already; choose another output',
    ],
    [
      'two steps that write one column',
      { steps: [square('a', 'x'), square('b', 'x')] },
      'steps[1] (square) writes "x", which exists already; choose another output',
    ],
    [
      'a nullable column that nothing fills',
      { inputs: [raw('a'), raw('b', true)] },
      'the nullable column "b" is never filled; add an impute step for it or make it not nullable',
    ],
    [
      'an input that is unused',
      { unused: ['c', 'b'] },
      'unused names the column "b", which is an input; remove it from one of them',
    ],
    ['a doubled output', { outputs: ['a', 'b', 'a'] }, 'outputs[2] repeats "a"; each feature enters the model once'],
  ])('refuses %s', (_, parts, message) => {
    expect(() => checkPipeline(pipelineOf(parts))).toThrow(new PipelineError(message));
  });

  it('takes a nullable column that is filled', () => {
    const steps = [{ kind: 'impute', column: 'b', value: 1 }] as const;
    expect(checkPipeline(pipelineOf({ inputs: [raw('a'), raw('b', true)], steps })).lineage.size).toBe(2);
  });
  it('refuses a nullable column that is filled only after another step has read it', () => {
    const steps: FittedStep[] = [square('b', 'bb'), { kind: 'impute', column: 'b', value: 1 }];
    expect(() => checkPipeline(pipelineOf({ inputs: [raw('a'), raw('b', true)], steps, outputs: ['bb'] }))).toThrow(
      PipelineError,
    );
  });
  it('knows that a product written over its left factor is computed from both', () => {
    const steps = [{ kind: 'product', left: 'a', right: 'b', output: 'a' }] as const;
    expect([...checkPipeline(pipelineOf({ steps })).lineage.get('a')!]).toEqual([0, 1]);
  });
  it('refuses a column that is standardized twice in one step', () => {
    const steps = [{ kind: 'standardize', columns: ['a', 'a'], mean: [1, 1], scale: [2, 2] }] as const;
    expect(() => checkPipeline(pipelineOf({ steps }))).toThrow(PipelineError);
  });
});
