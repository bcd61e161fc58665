import { RandomStream } from '#kit';
import { FeaturePipeline } from '../feature-pipeline.js';
import type { FittedPipeline, PipelineRecipe } from '../pipeline.js';
import type { Target } from '../target.js';
import { deal } from './deal.js';

const pipeline = new FeaturePipeline();
const ROWS = 2_500;
const FOLDS = 4;
const VALUES = Array.from({ length: 20 }, (_, i) => `v${i}`);
const random = new RandomStream(5, 0);
const X = Float64Array.from({ length: ROWS }, () => (random.below(30) === 0 ? NaN : random.below(20)));
const TARGETS: Target[] = [
  { task: 'binary', classes: ['no', 'yes'], values: Int32Array.from(X, (x) => Number(random.below(30) < x)) },
  { task: 'multiclass', classes: ['a', 'b', 'c'], values: Int32Array.from(X, () => random.below(3)) },
  { task: 'regression', classes: [], values: Float64Array.from(X, () => random.uniform() * 1e3) },
];
const recipe = (later: PipelineRecipe['steps'] = []): PipelineRecipe => ({
  inputs: [{ name: 'x', type: 'text', nullable: true, values: VALUES }],
  steps: [{ kind: 'target_encode', column: 'x', folds: FOLDS, seed: 3 }, ...later],
  outputs: ['x'],
});

const computed = (transform: ReturnType<FeaturePipeline['compile']>, raw: Float64Array): number[][] => {
  const columns: number[][] = transform.outputs.map(() => []);
  for (let start = 0; start < raw.length; start += 1_000) {
    const rows = Math.min(1_000, raw.length - start);
    transform.compute([raw], start, rows).forEach((column, f) => columns[f].push(...column.subarray(0, rows)));
  }
  return columns;
};

describe.each(TARGETS)('target_encode of $task', (target) => {
  const fitted = pipeline.fit(recipe(), [X], target);
  const parts = deal(target, FOLDS, 3);

  it('deals rows to parts of one size, those of each class too', () => {
    const sizes = new Map<string, number>();
    parts.forEach((part, row) => {
      for (const key of [`part ${part}`, ...(target.classes.length > 0 ? [`${target.values[row]} in ${part}`] : [])]) {
        sizes.set(key, (sizes.get(key) ?? 0) + 1);
      }
    });
    for (const [key, size] of sizes) {
      const [label] = key.split(' in ');
      const all = key.startsWith('part') ? ROWS : target.values.filter((value) => String(value) === label).length;
      expect(Math.abs(size - all / FOLDS)).toBeLessThan(1);
    }
  });

  it('gives a training row what the other parts alone make of its value', () => {
    const own = computed(pipeline.compileForTraining(fitted, [X], target), X);
    for (let part = 0; part < FOLDS; part++) {
      const isOther = (_: number, row: number): boolean => parts[row] !== part;
      const rest = { ...target, values: target.values.filter(isOther) } as Target;
      const byOthers = pipeline.compile(pipeline.fit(recipe(), [X.filter(isOther)], rest));
      const expected = computed(byOthers, X);
      own.forEach((column, f) => {
        const wrong = column.findIndex((value, row) => parts[row] === part && value !== expected[f][row]);
        expect(wrong).toBe(-1);
      });
    }
  });

  it('gives every other row the table of all training rows', () => {
    const step = fitted.steps[0] as Extract<FittedPipeline['steps'][number], { kind: 'target_encode' }>;
    const served = computed(pipeline.compile(fitted), Float64Array.of(7, NaN, -1));
    served.forEach(([known, missing, unknown], f) => {
      const at = (level: string | null): number => step.encodings[f][step.categories.indexOf(level)];
      expect([known, missing, unknown]).toEqual([at('v7'), at(null), step.target_mean[f]]);
    });
  });

  it('lets later steps learn from what training rows get', () => {
    const scaled = pipeline.fit(recipe([{ kind: 'standardize', columns: ['x'] }]), [X], target);
    for (const column of computed(pipeline.compileForTraining(scaled, [X], target), X)) {
      const mean = column.reduce((sum, value) => sum + value, 0) / ROWS;
      const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / ROWS;
      expect([Math.abs(mean) < 1e-9, Math.abs(variance - 1) < 1e-9]).toEqual([true, true]);
    }
  });
});
