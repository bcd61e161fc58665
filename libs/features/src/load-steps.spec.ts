import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import { FeaturePipeline } from './feature-pipeline.js';
import { loadedSteps, loadSteps } from './load-steps.js';
import type { PipelineRecipe } from './pipeline.js';

const folder = temporaryFolder();

function fileWith(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Subtracts what it has learnt: the largest value of some columns. */
const BELOW_MOST = (
  kind: string,
  learnt = 'Math.max(...columns.flatMap((name) => [...column(name).subarray(0, rows)]))',
) => `
export default [{
  kind: '${kind}',
  keys: { columns: { type: 'array', items: { type: 'string' } }, most: { type: 'number' } },
  learns: ['most'],
  reads: ({ columns }) => columns,
  writes: ({ columns }) => columns.map((name) => name + '_below'),
  fit: ({ columns, ...step }, column, rows) => ({ ...step, columns, most: ${learnt} }),
  bind: ({ columns, most }, column) => {
    const pairs = columns.map((name) => [column(name), column(name + '_below')]);
    return (rows) => { for (const [from, to] of pairs) for (let i = 0; i < rows; i++) to[i] = most - from[i]; };
  },
}];`;

const recipe = (step: object): PipelineRecipe =>
  ({
    inputs: ['a', 'b'].map((name) => ({ name, type: 'float', nullable: false })),
    steps: [step],
    outputs: ['a_below', 'b_below'],
  }) as unknown as PipelineRecipe;
const columns = [Float64Array.of(1, 2, 3), Float64Array.of(5, 4, 0)];
const pipeline = new FeaturePipeline();

describe('steps of your own', () => {
  beforeAll(async () => {
    await loadSteps([fileWith('below.mjs', BELOW_MOST('team.below'))]);
    await loadSteps([fileWith('nan.mjs', BELOW_MOST('team.nothing', 'NaN'))]);
  });

  it('are fitted, written as data and executed as those of the product', () => {
    const fitted = pipeline.fit(recipe({ kind: 'team.below', columns: ['a', 'b'] }), columns);
    expect(fitted).toMatchObject({
      format_version: 2,
      steps: [{ kind: 'team.below', columns: ['a', 'b'], most: 5 }],
    });
    const [a, b] = pipeline.compile(JSON.parse(JSON.stringify(fitted))).compute(columns, 0, 3);
    expect([...a.subarray(0, 3), ...b.subarray(0, 3)]).toEqual([4, 3, 2, 0, 1, 5]);
  });

  it.each([
    ['lacks a key', { kind: 'team.below' }, /a step "team\.below": must have required property 'columns'/],
    ['has another key', { kind: 'team.below', columns: ['a'], of: 1 }, /must NOT have additional properties \("of"\)/],
    ['names what is no column', { kind: 'team.below', columns: ['c'] }, /a step reads "c" before anything writes it/],
    [
      'is not registered',
      { kind: 'team.else', columns: ['a'] },
      /the step "team\.else" is no part of Skewless.*MODELS_STEPS/,
    ],
    ['learns what no bundle can hold', { kind: 'team.nothing', columns: ['a', 'b'] }, /most must be number/],
  ])('are refused where a step %s', (_what, step, message) => {
    expect(() => pipeline.fit(recipe(step), columns)).toThrow(message);
  });

  it('are refused in a bundle that lacks what they learn', () => {
    const { steps, ...fitted } = pipeline.fit(recipe({ kind: 'team.below', columns: ['a', 'b'] }), columns);
    const { most, ...unfitted } = steps[0] as unknown as { most: number };
    expect(most).toBe(5);
    const broken = { ...fitted, steps: [unfitted] } as unknown as typeof fitted & { steps: typeof steps };
    expect(() => pipeline.compile(broken)).toThrow(`a step "team.below": must have required property 'most'`);
  });

  it.each([
    ['that is not there', join(folder, 'absent.mjs'), /absent\.mjs cannot be loaded: ENOENT/],
    [
      'without a step',
      fileWith('none.mjs', 'export default { kind: 1 };'),
      /none\.mjs is neither a step nor a list of steps/,
    ],
    [
      'of a step whose name has no point',
      fileWith('name.mjs', BELOW_MOST('below')),
      /called "below"; its name needs a dot/,
    ],
    [
      'of a step that there is already',
      fileWith('twice.mjs', BELOW_MOST('team.below')),
      /Two steps are called "team.below"/,
    ],
  ])('are not loaded from a file %s', async (_what, file, message) => {
    await expect(loadSteps([file])).rejects.toThrow(message);
    expect(loadedSteps().map(({ path }) => path)).not.toContain(file);
  });

  it('are read once from each file', async () => {
    const before = loadedSteps();
    await loadSteps([join(folder, 'below.mjs')]);
    expect(loadedSteps()).toEqual(before);
    expect(before[0]).toEqual({
      path: join(folder, 'below.mjs'),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });
});
