import { RandomStream } from '#kit';
import type { Level, StepCase } from './step-case.js';

/** Texts that Python and JavaScript treat differently, and names of inherited properties. */
const TELLING_TEXTS = ['', ' a', 'a', 'A', '__proto__', 'constructor', 'nan', 'None', '10', '9', '\uffee', '\u{1f600}'];
const EXTREMES = [0, -0, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 1e-300, 1, -1, 0.1, 2 ** 53];

const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** Code points of all planes except surrogates, with a few frequent letters. */
export function randomText(random: RandomStream): string {
  const codePoint = (): number => {
    const code = random.below(random.below(2) === 0 ? 0x250 : 0x1_1000);
    return code >= 0xd800 && code < 0xe000 ? code + 0x1000 : code;
  };
  return String.fromCodePoint(...times(random.below(5), codePoint));
}

/** A few frequent and many rare texts; one in `gap` is missing. */
function texts(random: RandomStream, rows: number, pool: readonly Level[], gap: number): Level[] {
  return times(rows, () => (random.below(gap) === 0 ? null : pool[Math.floor(pool.length * random.uniform() ** 3)]));
}

/** Numbers on a coarse grid, so that some are equal, mixed with others. */
function numbers(random: RandomStream, rows: number, gap = 0): (number | null)[] {
  return times(rows, () => {
    if (gap > 0 && random.below(gap) === 0) return null;
    const value = (random.uniform() + random.uniform() + random.uniform() - 1.5) * 10;
    return random.below(2) === 0 ? Math.round(value * 2) / 2 : value;
  });
}

/** Numbers as in {@link numbers}, with difficult ones. */
const hardNumbers = (random: RandomStream, rows: number, gap = 0): (number | null)[] =>
  numbers(random, rows, gap).map((value) => (random.below(20) === 0 ? EXTREMES[random.below(EXTREMES.length)] : value));

const moments = (random: RandomStream, rows: number): (number | null)[] =>
  times(rows, () => (random.below(30) === 0 ? null : Math.floor((random.uniform() - 0.3) * 1e16)));

const days = (random: RandomStream, rows: number): (number | null)[] =>
  moments(random, rows).map((at) => at && Math.floor(at / 864e8) * 864e8);

/** Small integers as categories. */
const small = (random: RandomStream, rows: number): (number | null)[] =>
  times(rows, () => (random.below(15) === 0 ? null : Math.floor(30 * random.uniform() ** 2) - 3));

function targetOf(task: 'binary' | 'multiclass' | 'regression', random: RandomStream, column: readonly Level[]) {
  const leaning = new Map<Level, number>();
  for (const value of column) if (!leaning.has(value)) leaning.set(value, random.uniform());
  const values = column.map((value) => {
    const drawn = random.uniform() + leaning.get(value)!;
    if (task === 'regression') return drawn * 100;
    return task === 'binary' ? Number(drawn > 1) : Math.min(3, Math.floor(drawn * 2));
  });
  const classes = { regression: [], binary: [0, 1], multiclass: [0, 1, 2, 3] }[task];
  return { task, values, classes };
}

const ENCODERS = [
  { kind: 'one_hot' },
  { kind: 'one_hot', drop: 'first' },
  { kind: 'one_hot', drop: 'if_binary' },
  { kind: 'one_hot', min_frequency: 0.02 },
  { kind: 'one_hot', min_frequency: 5, handle_unknown: 'infrequent_if_exist' },
  { kind: 'one_hot', max_categories: 6, handle_unknown: 'infrequent_if_exist' },
  { kind: 'one_hot', max_categories: 4, drop: 'first' },
  { kind: 'one_hot', max_categories: 1, handle_unknown: 'infrequent_if_exist' },
  { kind: 'ordinal' },
  { kind: 'ordinal', unknown_value: null, encoded_missing_value: -2 },
  { kind: 'ordinal', max_categories: 5, unknown_value: -7 },
  { kind: 'ordinal', min_frequency: 0.05 },
  { kind: 'count_encode' },
  { kind: 'count_encode', normalize: true },
  { kind: 'missing_indicator' },
  { kind: 'missing_indicator', features: 'all' },
] as const;

const TARGET_ENCODERS = (['binary', 'multiclass', 'regression'] as const).flatMap((task) =>
  (['auto', 0, 1, 0.3, 20] as const).map((smooth) => ({ task, step: { kind: 'target_encode', smooth } as const })),
);

const SCALERS = [
  { kind: 'standardize' },
  { kind: 'minmax' },
  { kind: 'minmax', feature_range: [-3, 0.1], clip: true },
  { kind: 'robust' },
  { kind: 'robust', quantile_range: [7, 61.5] },
] as const;

const BINNERS = (['ordinal', 'onehot'] as const).flatMap((encode) => [
  { kind: 'kbins', encode } as const,
  { kind: 'kbins', encode, n_bins: 7, quantile_method: 'linear' } as const,
  { kind: 'kbins', encode, n_bins: 40 } as const,
  { kind: 'kbins', encode, n_bins: 9, strategy: 'uniform' } as const,
]);

const FUNCTIONS = [
  ...(['abs', 'ceil', 'floor', 'negative', 'reciprocal', 'rint', 'sign', 'sqrt', 'square', 'trunc'] as const).map(
    (kind) => ({ kind, tolerance: 0 }),
  ),
  ...(['cbrt', 'cos', 'exp', 'expm1', 'log', 'log10', 'log1p', 'log2', 'sin', 'tan', 'tanh'] as const).map((kind) => ({
    kind,
    tolerance: 1e-12,
  })),
];

const FORMS = [
  { lower: true },
  { trim: true },
  { collapse: true },
  { strip_accents: true },
  { form: 'NFC' },
  { form: 'NFKC', lower: true, strip_accents: true, collapse: true, trim: true },
] as const;

/**
 * Columns for every kind of step, with difficult values.
 * @param rows per column
 */
export function stepCases(rows: number): StepCase[] {
  const random = new RandomStream(17, 0);
  const pool: Level[] = [...new Set([...TELLING_TEXTS, ...times(60, () => randomText(random))])].sort(
    () => random.uniform() - 0.5,
  );
  const training = texts(random, rows, pool, 12);
  const met = texts(random, rows, [...pool, ...times(20, () => `${randomText(random)}?`)].reverse(), 9);
  const again = texts(random, rows, pool, 5);
  const two = texts(random, rows, ['yes', 'no'], Infinity);
  const ofTexts = ENCODERS.map((step): StepCase => ({ step, training, rows: met }));
  const ofTwo = ENCODERS.map((step): StepCase => ({ step, training: two, rows: met }));
  const [numeric, numericMet] = [small(random, rows), small(random, rows)];
  const ofNumbers = ENCODERS.filter(({ kind }) => kind !== 'one_hot').map((step): StepCase => ({
    step,
    training: numeric,
    rows: numericMet,
  }));
  const byTarget = TARGET_ENCODERS.map(({ task, step }): StepCase => ({
    step,
    training,
    rows: met,
    target: targetOf(task, random, training),
  }));
  const given: StepCase[] = [
    { step: { kind: 'one_hot', categories: ['a', 'A', '10', 'never'], drop: ['A'] }, training, rows: met },
    { step: { kind: 'one_hot', drop: [pool[0]] }, training, rows: met },
    { step: { kind: 'ordinal', categories: ['a', 'never', 'A'] }, training, rows: met },
  ];
  const table: [Level, number][] = pool.slice(0, 30).map((level, i) => [level, i / 7]);
  const lookups: StepCase[] = [
    { step: { kind: 'lookup', table: [...table, [null, -1]], default: 0.5 }, training, rows: met },
    { step: { kind: 'lookup', table }, training, rows: met },
  ];
  const gapped = numbers(random, rows, 9);
  const hard = hardNumbers(random, rows, 11);
  const seen = again.map((value) => (training.includes(value) ? value : null));
  const imputers: StepCase[] = [
    ...(['mean', 'median', 'most_frequent'] as const).map((strategy): StepCase => ({
      step: { kind: 'impute', strategy },
      training: gapped,
      rows: hard,
      tolerance: 1e-12,
    })),
    { step: { kind: 'impute', strategy: 'constant', fill_value: -999 }, training: gapped, rows: hard },
    { step: { kind: 'impute', strategy: 'median' }, training: gapped.slice(0, 5), rows: hard },
    { step: { kind: 'impute', strategy: 'most_frequent' }, training, rows: seen },
    { step: { kind: 'impute', strategy: 'most_frequent' }, training: ['b', 'a', null, 'a', 'b'], rows: ['a', null] },
    { step: { kind: 'impute', strategy: 'constant', fill_value: 'no such' }, training, rows: seen },
  ];
  const constant = times(rows, () => 0.5);
  const scaled = SCALERS.flatMap((step): StepCase[] => [
    { step, training: gapped, rows: hard, tolerance: 1e-12 },
    { step, training: constant, rows: hard, tolerance: 1e-12 },
  ]);
  const filled = numbers(random, rows);
  const hardFilled = hardNumbers(random, rows);
  const binned = BINNERS.flatMap((step): StepCase[] => [
    { step, training: filled, rows: hardFilled },
    { step, training: constant, rows: hardFilled },
  ]);
  const clipped: StepCase[] = [
    { step: { kind: 'clip', minimum: -2, maximum: 3 }, training: [], rows: hard },
    { step: { kind: 'clip', maximum: 0 }, training: [], rows: hard },
    { step: { kind: 'clip', quantiles: [0.05, 0.9] }, training: gapped, rows: hard },
  ];
  const functions = FUNCTIONS.map(({ kind, tolerance }): StepCase => ({
    step: { kind },
    training: [],
    rows: hard,
    tolerance,
  }));
  const operations = (['add', 'subtract', 'multiply', 'divide', 'minimum', 'maximum'] as const).map(
    (operator): StepCase => ({
      step: { kind: 'arithmetic', operator },
      training: [],
      rows: hard,
      right: hardNumbers(random, rows, 13),
    }),
  );
  const clocks: StepCase[] = [
    {
      step: { kind: 'date_parts', parts: ['year', 'quarter', 'month', 'week', 'day', 'day_of_year', 'weekday'] },
      training: [],
      rows: days(random, rows),
      type: 'date',
    },
    ...(['UTC', '+05:30', '-11:00'] as const).map((timezone): StepCase => ({
      step: { kind: 'date_parts', timezone, parts: ['hour', 'minute', 'second', 'is_weekend', 'day', 'week'] },
      training: [],
      rows: moments(random, rows),
      type: 'datetime',
    })),
    ...(['2024-02-29', '1999-12-31T23:59:59Z'] as const).map((reference, i): StepCase => ({
      step: { kind: 'elapsed', reference, unit: i === 0 ? 'days' : 'hours' },
      training: [],
      rows: moments(random, rows),
      type: 'datetime',
    })),
  ];
  const cycles = [12, 7, 24, 365.25].map((period): StepCase => ({
    step: { kind: 'cyclical', period },
    training: [],
    rows: gapped,
    tolerance: 1e-12,
  }));
  const spaced = times(rows, () => {
    const blanks = ['\u001f', '\u0085', '\ufeff', ' ', '\t', '\u2003', 'İ', 'Σ', 'É', 'ﬁ', '\u0345', '\u0e33', 'ß'];
    return times(random.below(6), () =>
      random.below(2) === 0 ? randomText(random) : blanks[random.below(blanks.length)],
    ).join('');
  });
  const written = FORMS.map((form): StepCase => ({
    step: { kind: 'string_normalize', ...form },
    training: [],
    rows: spaced,
  }));
  return [
    ...ofTexts,
    ...ofTwo,
    ...ofNumbers,
    ...byTarget,
    ...given,
    ...lookups,
    ...imputers,
    ...scaled,
    ...binned,
    ...clipped,
    ...functions,
    ...operations,
    ...clocks,
    ...cycles,
    ...written,
  ];
}
