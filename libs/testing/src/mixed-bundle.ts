import { FeaturePipeline, type PipelineRecipe, readersOf } from '#features';
import { type Forest, forestProbabilities, forestToOnnx } from '#learners';
import { baselineOfColumns, type GoldenRow, type NewBundle, writeAliases, writeBundle } from '#bundle';

/**
 * A model with columns of every kind, each as awkward as possible: values like `__proto__`, an empty text that is a
 * value, missing tokens, both policies for unknown values. The model accepts missing values.
 */
const RECIPE: PipelineRecipe = {
  inputs: [
    { name: 'amount', type: 'float', minimum: -1000, nullable: true, missing: ['', 'NA', '-999'], example: 12.5 },
    { name: 'items', type: 'integer', minimum: 0, nullable: false, example: 3 },
    { name: 'urgent', type: 'boolean', nullable: true, example: true },
    {
      name: 'channel',
      type: 'category',
      codes: 'text',
      values: ['', '__proto__', 'constructor', 'web'],
      unknown: 'other',
      nullable: true,
      example: 'web',
    },
    { name: 'size', type: 'category', codes: 'number', values: [1, 2.5, 10], nullable: false, example: 2.5 },
    {
      name: 'note',
      type: 'text',
      values: ['fragile', 'übergroß'],
      unknown: 'missing',
      nullable: true,
      example: 'fragile',
    },
    { name: 'due', type: 'date', nullable: true, example: '2024-02-29' },
    { name: 'placed', type: 'datetime', timezone: '+01:00', nullable: false, example: '2024-02-28T23:30:00Z' },
    { name: 'paid', type: 'date', format: '%d.%m.%Y', nullable: true },
    { name: 'packed', type: 'datetime', format: '%m/%d/%Y %I:%M %p', timezone: '-05:00', nullable: true },
    { name: 'sent', type: 'datetime', format: 'epoch_seconds', minimum: 0, nullable: false },
  ],
  unused: ['customer'],
  steps: [
    { kind: 'string_normalize', column: 'note', trim: true, lower: true },
    { kind: 'one_hot', column: 'channel', categories: ['', '__proto__', 'constructor', 'web'] },
    { kind: 'ordinal', column: 'size', output: 'size_rank', categories: [1, 2.5, 10] },
    { kind: 'ordinal', column: 'note', output: 'note_rank', categories: ['fragile', 'übergroß', null] },
    { kind: 'date_parts', column: 'due', parts: ['weekday'] },
    { kind: 'date_parts', column: 'placed', parts: ['hour'] },
    { kind: 'date_parts', column: 'paid', parts: ['day'] },
    { kind: 'date_parts', column: 'packed', parts: ['hour'] },
    { kind: 'date_parts', column: 'sent', parts: ['minute'] },
  ],
  outputs: [
    'amount',
    'items',
    'urgent',
    'channel',
    'size_rank',
    'note_rank',
    'due_weekday',
    'placed_hour',
    'paid_day',
    'packed_hour',
    'sent_minute',
  ],
  accepts_missing: true,
};

/** Rows that have the same values in every format. */
export const MIXED_ROWS: readonly GoldenRow['input'][] = [
  {
    amount: 12.5,
    items: 3,
    urgent: true,
    channel: 'web',
    size: 2.5,
    note: 'fragile',
    due: '2024-02-29',
    placed: '2024-02-28T23:30:00Z',
    paid: '20.12.2023',
    packed: '12/31/2023 11:59 PM',
    sent: 1_717_164_309,
  },
  {
    amount: null,
    items: 0,
    urgent: null,
    channel: null,
    size: 1,
    note: null,
    due: null,
    placed: '2024-02-29T00:30:00',
    paid: null,
    packed: null,
    sent: 0,
  },
  {
    amount: -3,
    items: 8,
    urgent: false,
    channel: '__proto__',
    size: 10,
    note: ' Übergroß',
    due: '1969-12-28',
    placed: '1969-12-31T23:59:59.999999Z',
    paid: '03.02.2023',
    packed: '01/01/2024 12:00 AM',
    sent: 1_717_165_800,
  },
  {
    amount: 0.1,
    items: 1,
    urgent: true,
    channel: 'constructor',
    size: 1,
    note: 'FRAGILE',
    due: '2024-03-02',
    placed: '2024-06-01 12:00+02:00',
    paid: '29.02.2024',
    packed: '06/30/2023 02:05 PM',
    sent: 59,
  },
  {
    amount: 900,
    items: 2,
    urgent: false,
    channel: 'fax',
    size: 2.5,
    note: 'something else',
    due: '2024-03-03',
    placed: '2024-06-01T05:00Z',
    paid: '01.01.1970',
    packed: '03/02/2023 08:00 AM',
    sent: 4_000_000_000,
  },
];

const leaf = (feature: number, threshold: number): Forest['trees'][number] => ({
  feature: [feature, -2, -2],
  threshold: [threshold, -2, -2],
  left: [1, -1, -1],
  right: [2, -1, -1],
  value: [
    [0.5, 0.5],
    [0.75, 0.25],
    [0.125, 0.875],
  ],
});

/** The bundle, not yet written. Each feature has its own tree, so that a wrong one shows in the answer. */
function mixedBundle(): NewBundle {
  const interpreter = new FeaturePipeline();
  const columns = readersOf(RECIPE).map((reader, c) =>
    Float64Array.from(MIXED_ROWS, (row) => reader.fromJson(row[RECIPE.inputs[c].name])!),
  );
  const pipeline = interpreter.fit(RECIPE, columns);
  const thresholds = [5, 1.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 4.5, 12, 25, 20, 20];
  const forest: Forest = {
    classes: ['hold', 'ship'],
    feature_names: pipeline.outputs,
    trees: pipeline.outputs.map((_, f) => leaf(f, thresholds[f])),
  };
  const computed = interpreter.compile(pipeline).compute(columns, 0, MIXED_ROWS.length);
  const rows = MIXED_ROWS.map((input, i) => {
    const features = computed.map((column) => column[i]);
    const probabilities = forestProbabilities(forest, features);
    return { input, features, probabilities, prediction: forest.classes[Number(probabilities[1] > probabilities[0])] };
  });
  return {
    manifest: {
      format_version: 1,
      name: 'orders',
      version: '1',
      algorithm: 'random_forest',
      hyperparameters: {},
      metrics: {},
      train_samples: MIXED_ROWS.length,
      test_samples: null,
      timestamp: '2026-01-02T03:04:05.000Z',
      classes: forest.classes,
      lineage: { source: 'libs/testing/src/mixed-bundle.ts' },
    },
    pipeline,
    golden: { format_version: 1, rows },
    baseline: baselineOfColumns(RECIPE.inputs, columns),
    model: forestToOnnx(forest),
  };
}

/** Writes the model `orders` into a models folder as champion. @returns its rows, with the expected answers */
export async function writeMixedBundle(modelsDirectory: string): Promise<readonly GoldenRow[]> {
  const bundle = mixedBundle();
  await writeBundle(modelsDirectory, bundle);
  await writeAliases(modelsDirectory, bundle.manifest.name, { champion: bundle.manifest.version });
  return bundle.golden.rows;
}
