import type { RawColumn } from '#schema';
import { FeaturePipeline } from '../feature-pipeline.js';
import { PipelineError } from '../pipeline.error.js';
import type { FittedPipeline, PipelineRecipe } from '../pipeline.js';

const pipeline = new FeaturePipeline();
const INPUTS: RawColumn[] = [
  { name: 'x', type: 'float', nullable: false },
  { name: 'plan', type: 'category', codes: 'text', nullable: false, unknown: 'other', values: ['a', 'b'] },
  { name: 'day', type: 'date', nullable: false },
];
const of = (step: object, outputs = ['x']): PipelineRecipe =>
  ({ inputs: INPUTS, steps: [step], outputs }) as unknown as PipelineRecipe;

describe('a recipe is refused before any data is read', () => {
  it.each<[object, string]>([
    [{ kind: 'sqrt', column: 'plan' }, 'steps[0] (sqrt): "plan" holds categories, not numbers; encode it first'],
    [{ kind: 'standardize', columns: ['day'] }, '"day" holds dates or times, not numbers; encode it first'],
    [{ kind: 'one_hot', column: 'day' }, '"day" has dates or times; split them into parts with date_parts first'],
    [{ kind: 'impute', column: 'plan' }, '"plan" holds categories, which have no mean; set strategy to most_frequent'],
    [{ kind: 'impute', column: 'x', strategy: 'constant' }, 'the strategy constant needs a fill_value'],
    [
      { kind: 'impute', column: 'x', strategy: 'constant', fill_value: 'no' },
      '"x" has numbers, and "no" is not a number',
    ],
    [{ kind: 'date_parts', column: 'x', parts: ['year'] }, '"x" has no dates or times; give the column the type date'],
    [{ kind: 'date_parts', column: 'day', parts: ['hour'] }, '"day" holds dates, which have no hour'],
    [
      { kind: 'date_parts', column: 'day', parts: ['year'], timezone: '+01:00' },
      '"day" holds dates, which have no timezone',
    ],
    [{ kind: 'date_parts', column: 'day', parts: ['year', 'year'] }, 'writes "day_year", which exists already'],
    [{ kind: 'elapsed', column: 'x', since: 'day', unit: 'days', output: 'y' }, '"x" has no dates or times'],
    [{ kind: 'elapsed', column: 'day', unit: 'days', output: 'y' }, 'set either since, a column, or reference, a day'],
    [
      { kind: 'elapsed', column: 'day', reference: '2024', unit: 'days', output: 'y' },
      'the reference "2024" is neither a day',
    ],
    [{ kind: 'string_normalize', column: 'x', lower: true }, '"x" has no texts'],
    [
      {
        kind: 'lookup',
        column: 'plan',
        table: [
          ['a', 1],
          ['a', 2],
        ],
      },
      'the category "a" is named twice',
    ],
    [
      { kind: 'arithmetic', operator: 'add', left: 1, right: 2, output: 'y' },
      'two numbers need no step; name a column',
    ],
    [{ kind: 'clip', column: 'x' }, 'set minimum, maximum or quantiles'],
    [{ kind: 'clip', column: 'x', minimum: 2, maximum: 1 }, 'the minimum is above the maximum'],
    [{ kind: 'minmax', columns: ['x'], feature_range: [1, 1] }, 'feature_range must ascend'],
    [{ kind: 'robust', columns: ['x', 'x'] }, 'a column is named twice'],
    [{ kind: 'robust', columns: ['x'], quantile_range: [75, 25] }, 'quantile_range must ascend'],
  ])('%j', (step, message) => {
    expect(() => pipeline.check(of(step))).toThrow(PipelineError);
    expect(() => pipeline.check(of(step))).toThrow(message);
  });

  it('where a text would be written otherwise after it was read', () => {
    const steps = [
      { kind: 'count_encode', column: 'plan', output: 'count' },
      { kind: 'string_normalize', column: 'plan', lower: true },
    ] as const;
    expect(() => pipeline.check({ inputs: INPUTS, steps, outputs: ['count'] })).toThrow(
      'steps[1] (string_normalize) must come before every other step that reads "plan"',
    );
  });

  it.each([
    ['plan', '"plan" holds categories, not numbers; convert it with one_hot, ordinal or target_encode'],
    ['day', '"day" holds dates or times, not numbers; convert it with date_parts or elapsed'],
  ])('where %s would enter the model', (name, message) => {
    expect(() => pipeline.check(of({ kind: 'sign', column: 'x' }, [name]))).toThrow(`outputs[0]: ${message}`);
  });
});

describe('fitting refuses', () => {
  const columns = [Float64Array.of(1, 2), Float64Array.of(0, 0), Float64Array.of(0, 864e8)];

  it('to make a column of each of very many values', () => {
    const x = Float64Array.from({ length: 1_500 }, (_, i) => i);
    const rest = [new Float64Array(1_500), new Float64Array(1_500)];
    const wide = of({ kind: 'one_hot', column: 'x' });
    expect(() => pipeline.fit(wide, [x, ...rest])).toThrow(
      new PipelineError(
        'one_hot would make 1,500 columns of "x", more than 1,000; set max_categories or min_frequency, or use target_encode or count_encode instead',
      ),
    );
    const narrow = of({ kind: 'one_hot', column: 'x', max_categories: 20 });
    expect(pipeline.fit(narrow, [x, ...rest]).outputs).toHaveLength(20);
  });
  it('to drop what is not there, or shares a column', () => {
    const dropped = (step: object): unknown =>
      pipeline.fit(of({ kind: 'one_hot', column: 'plan', ...step }, ['plan']), columns);
    expect(() => dropped({ drop: ['b'] })).toThrow('one_hot cannot drop "b" of "plan": it is in no training row');
    expect(() => dropped({ drop: ['a'], min_frequency: 5 })).toThrow(
      'one_hot cannot drop "a" of "plan": it is infrequent',
    );
  });
  it('to encode by a target that there is not', () => {
    expect(() => pipeline.fit(of({ kind: 'target_encode', column: 'plan' }, ['plan']), columns)).toThrow(
      'target_encode of "plan" needs to know what the rows are to be predicted as',
    );
  });
  it('to fill categories of which there is none', () => {
    const inputs = INPUTS.with(1, { ...INPUTS[1], nullable: true });
    const step = { kind: 'impute', column: 'plan', strategy: 'most_frequent' } as const;
    expect(() =>
      pipeline.fit({ inputs, steps: [step], outputs: ['x'] }, columns.with(1, Float64Array.of(NaN, NaN))),
    ).toThrow('impute found no value in any training row of "plan"; leave the column out');
  });
});

describe('a bundle is refused whose step contradicts itself', () => {
  it.each<[object, string]>([
    [
      { kind: 'one_hot', column: 'plan', categories: ['a', 'b'], outputs: ['y'] },
      '2 outputs are expected for these categories, not 1',
    ],
    [
      { kind: 'one_hot', column: 'plan', categories: ['a', 'a'], outputs: ['y', 'z'] },
      'the category "a" is named twice',
    ],
    [
      { kind: 'one_hot', column: 'plan', categories: ['a'], infrequent: ['c'], outputs: ['y', 'z'] },
      '"c" is infrequent, but none of the categories',
    ],
    [
      { kind: 'ordinal', column: 'plan', categories: ['a', 'b'], unknown_value: 1 },
      'unknown_value 1 is the number of a category already',
    ],
    [
      { kind: 'ordinal', column: 'plan', categories: ['a', null], encoded_missing_value: 0 },
      'encoded_missing_value 0 is the number of a category already',
    ],
    [
      { kind: 'count_encode', column: 'plan', categories: ['a'], values: [] },
      '1 categories need as many values, not 0',
    ],
    [
      {
        kind: 'target_encode',
        column: 'plan',
        categories: ['a'],
        encodings: [[1], [2]],
        target_mean: [0],
        outputs: ['plan'],
      },
      '1 outputs need as many encodings and means, not 2 and 1',
    ],
    [
      {
        kind: 'target_encode',
        column: 'plan',
        categories: ['a'],
        encodings: [[]],
        target_mean: [0],
        outputs: ['plan'],
      },
      '1 categories need as many numbers, not 0',
    ],
    [{ kind: 'kbins', column: 'x', edges: [1], outputs: ['y'] }, '1 inner edges make 2 outputs, not 1'],
    [{ kind: 'kbins', column: 'x', encode: 'ordinal', edges: [1, 1], outputs: ['x'] }, 'edges must ascend'],
    [{ kind: 'minmax', columns: ['x'], scale: [1], min: [] }, '1 columns need as many numbers in min, not 0'],
    [{ kind: 'robust', columns: ['x'], center: [0], scale: [0] }, 'every scale must be above 0'],
    [{ kind: 'missing_indicator', column: 'x', outputs: ['y', 'z'] }, 'a column has one indicator'],
    [{ kind: 'impute', column: 'x', value: 'no' }, '"x" has numbers, and "no" is not a number'],
  ])('%j', (step, message) => {
    const bundle = { format_version: 2, ...of(step) } as unknown as FittedPipeline;
    expect(() => pipeline.compile(bundle)).toThrow(PipelineError);
    expect(() => pipeline.compile(bundle)).toThrow(message);
  });
});
