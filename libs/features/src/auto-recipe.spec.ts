import fc from 'fast-check';
import type { RawColumn } from '#schema';
import { autoRecipe, type AutoRecipeOptions } from './auto-recipe.js';
import { FeaturePipeline } from './feature-pipeline.js';
import type { Target } from './target.js';

const values = (count: number): string[] => Array.from({ length: count }, (_, i) => `v${String(i).padStart(3, '0')}`);
const category = (name: string, count: number, nullable = false): RawColumn => ({
  ...{ name, type: 'category', codes: 'text', nullable, unknown: 'other', values: values(count) },
});

const TABLE: RawColumn[] = [
  { name: 'age', type: 'integer', nullable: true },
  { name: 'member', type: 'boolean', nullable: false },
  category('sex', 2, true),
  category('plan', 4),
  category('city', 60),
  { name: 'joined', type: 'date', nullable: false },
];

const TREES = { learner: 'trees', acceptsMissing: true } as const;
const FOREST = { learner: 'trees', acceptsMissing: false } as const;
const LINEAR = { learner: 'linear', acceptsMissing: false } as const;

describe('autoRecipe', () => {
  it('gives trees that take missing values numbers as they are', () => {
    expect(autoRecipe(TABLE, TREES)).toEqual({
      accepts_missing: true,
      steps: [
        { kind: 'ordinal', column: 'sex', encoded_missing_value: null },
        { kind: 'count_encode', column: 'city', output: 'city_count' },
        { kind: 'elapsed', column: 'joined', reference: '1970-01-01', unit: 'days', output: 'joined_days' },
        {
          kind: 'date_parts',
          column: 'joined',
          output: 'joined',
          parts: ['year', 'day', 'day_of_year', 'month', 'weekday'],
        },
        { kind: 'one_hot', column: 'plan', handle_unknown: 'infrequent_if_exist' },
        { kind: 'target_encode', column: 'city' },
      ],
      outputs: [
        ...['age', 'member', 'sex', 'plan', 'city', 'city_count', 'joined_days'],
        ...['joined_year', 'joined_day', 'joined_day_of_year', 'joined_month', 'joined_weekday'],
      ],
    });
  });

  it('fills and scales for a linear model', () => {
    expect(autoRecipe(TABLE.slice(0, 2), LINEAR)).toEqual({
      steps: [
        { kind: 'missing_indicator', column: 'age', output: 'missingindicator_age' },
        { kind: 'impute', column: 'age', strategy: 'median' },
        { kind: 'standardize', columns: ['age'] },
      ],
      outputs: ['age', 'missingindicator_age', 'member'],
    });
  });

  it('makes no column that the table has', () => {
    const names = ['joined', 'joined_month', 'joined_days', 'city', 'city_count', 'missingindicator_joined'];
    const inputs = names.map((name): RawColumn => {
      if (name === 'joined') return { name, type: 'date', nullable: true };
      return name === 'city' ? { name, type: 'text', nullable: true } : { name, type: 'float', nullable: false };
    });
    const recipe = autoRecipe(inputs, FOREST);
    expect(() => new FeaturePipeline().check({ inputs, ...recipe })).not.toThrow();
    expect(recipe.outputs).toContain('joined_2_month');
  });

  /** Values that a column may hold, missing and unknown ones included. */
  const cellsOf = (column: RawColumn): fc.Arbitrary<number> => {
    const gaps = column.nullable ? [{ weight: 1, arbitrary: fc.constant(NaN) }] : [];
    if ('values' in column && column.values) {
      return fc.oneof({ weight: 6, arbitrary: fc.integer({ min: -1, max: column.values.length - 1 }) }, ...gaps);
    }
    if (column.type === 'boolean') return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(0, 1) }, ...gaps);
    const within = column.type === 'date' ? 4e15 : 1_000;
    return fc.oneof({ weight: 6, arbitrary: fc.integer({ min: -within, max: within }) }, ...gaps);
  };

  const anyColumn = (i: number): fc.Arbitrary<RawColumn> =>
    fc
      .record({ pick: fc.integer({ min: 0, max: 4 }), nullable: fc.boolean(), count: fc.integer({ min: 1, max: 70 }) })
      .map(
        ({ pick, nullable, count }): RawColumn =>
          [
            { name: `c${i}`, type: 'float', nullable } as const,
            { name: `c${i}`, type: 'boolean', nullable } as const,
            category(`c${i}`, count, nullable),
            { name: `c${i}`, type: 'date', nullable } as const,
            { name: `c${i}`, type: 'datetime', nullable } as const,
          ][pick],
      );

  const TARGETS: readonly Omit<Target, 'values'>[] = [
    { task: 'binary', classes: ['no', 'yes'] },
    { task: 'multiclass', classes: ['a', 'b', 'c'] },
    { task: 'regression', classes: [] },
  ];

  it('fits any table, and gives every row features that the learner takes', () => {
    const table = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 4, max: 30 })).chain(([width, rows]) =>
      fc.tuple(...Array.from({ length: width }, (_, i) => anyColumn(i))).chain((inputs) =>
        fc.record({
          inputs: fc.constant(inputs),
          columns: fc.tuple(...inputs.map((column) => fc.array(cellsOf(column), { minLength: rows, maxLength: rows }))),
        }),
      ),
    );
    const learner = fc.constantFrom<AutoRecipeOptions>(TREES, FOREST, LINEAR);
    fc.assert(
      fc.property(table, learner, fc.constantFrom(...TARGETS), ({ inputs, columns }, options, about) => {
        const pipeline = new FeaturePipeline();
        const raw = columns.map((column) => Float64Array.from(column));
        const rows = raw[0].length;
        const target = { ...about, values: Float64Array.from(raw[0], (_, i) => i % (about.classes.length || 7)) };
        const recipe = { inputs, ...autoRecipe(inputs, options) };
        pipeline.check(recipe);
        const fitted = pipeline.fit(recipe, raw, target);
        const transforms = [pipeline.compile(fitted), pipeline.compileForTraining(fitted, raw, target)];
        for (const transform of transforms) {
          for (const feature of transform.compute(raw, 0, rows)) {
            const taken = feature.subarray(0, rows).every((value) => Number.isFinite(value) || options.acceptsMissing);
            expect(taken).toBe(true);
          }
        }
      }),
    );
  });
});
