import { byCodePoint, type ColumnReader, type CsvDialect, kindOf, MISSING_TOKENS, type RawColumn } from '#schema';
import type { Database } from '#tables';
import type { ModelColumn } from '../model-file/model-file.js';
import { type ColumnFacts, MOST_TEXTS, textsOf } from './column-facts.js';
import { timeRules } from './time-formats.js';

type Decimal = CsvDialect['decimal'];

/** Longest list of categories in the file; longer ones are learnt from the training part. */
const LISTED_VALUES = 50;
/** With more categories, or a larger share of distinct texts, a column counts as text. */
const MOST_CATEGORIES = 1_000;
const MOST_SHARE = 0.5;
/** Fewer rows may all differ by chance. */
const LEAST_ROWS = 30;
/** Common missing tokens in addition to the default ones. */
const TOKENS =
  /^(\?+|-+|\.+|\*+|unknown|missing|none|n\.?a\.?|not available|not applicable|undefined|nil|#ref!|#div\/0!|#value!)$/i;
/** Share of numbers from which on the remaining cells are checked for missing tokens. */
const NEARLY_ALL = 0.8;
/** With more different texts among its numbers, a column is not proposed as one of numbers. */
const MOST_STRAYS = 5;
/** Numbers as people write them. */
const WRITTEN_NUMBER = /^[(+-]?\s*[$€£¥₹]?\s*-?\d[\d.,' ]*[%$€£¥₹]?\)?$/;
/** What keeps them from being read as such, by its name. */
const IN_THE_WAY: readonly (readonly [what: string, RegExp])[] = [
  ['a currency sign', /[$€£¥₹]/],
  ['a percent sign', /%/],
  ['thousands separators', /^[+-]?\d{1,3}([,.' ]\d{3})+([.,]\d+)?$/],
  ['a comma before the fraction', /^[+-]?\d+,\d+$/],
];
const FOREIGN_DATE =
  /^\d{1,4}[/.]\d{1,2}[/.]\d{1,4}([ T].*)?$|^\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}$|^[A-Za-z]{3,9} \d{1,2},? \d{2,4}$/;
const EPOCHS: readonly (readonly [format: string, perSecond: number])[] = [
  ['epoch_seconds', 1],
  ['epoch_milliseconds', 1_000],
];
/** Range of numbers that may be epoch times, in seconds: from 2000 to 2100. */
const [FIRST_TIME, LAST_TIME] = [946_684_800, 4_102_444_800];
/** Range of plausible dates, in microseconds: from 1800 to 2200. */
const [FIRST_DATE, LAST_DATE] = [Date.UTC(1800), Date.UTC(2200)].map((time) => time * 1_000);
const NAMED_TIME = /(^|[^a-z])(at|time|date|ts|timestamp|datetime|epoch|created|updated|modified)s?$/i;
/** Parquet types that are not one plain value for each cell. */
const NESTED = /[[({]|^(STRUCT|MAP|LIST|UNION|BLOB|BIT)/;
const NAMED_IDENTIFIER = /(^|[^a-z])(id|uuid|guid|key|index|rownames?|row_?(number|nr|no)?|unnamed: 0)$/i;

/** A column as `init` writes it, and notes for the user. */
export interface FoundColumn {
  readonly column: ModelColumn;
  readonly notes: readonly string[];
  /** Alternatives that only the user can decide on, as lines of the file. */
  readonly choices?: readonly string[];
}

const grouped = (count: number): string => count.toLocaleString('en-US');

const unused = (type: 'text' | 'integer' | 'float', why: string, nullable: boolean): FoundColumn => ({
  column: { type, ...(nullable && { nullable }), use: false, why },
  notes: [],
});

/** The rules of a column as a line of a model's file. */
const lineOf = (name: string, rules: object): string =>
  `${JSON.stringify(name)}: { ${Object.entries(rules)
    .map(([key, value]) => `${key}: ${key === 'format' ? JSON.stringify(value) : value}`)
    .join(', ')} }`;

/** Whether all texts are valid for a column. */
function takesAll(column: RawColumn, texts: readonly { readonly text: string }[], decimal: Decimal): boolean {
  const reader: ColumnReader = kindOf(column).reader(column);
  return texts.every(({ text }) => reader.fromText(text, decimal) !== undefined);
}

/** Proposes an epoch format for whole numbers that may be times. */
function asTimes({ name, minimum, maximum }: ColumnFacts): Pick<FoundColumn, 'notes' | 'choices'> {
  const found = EPOCHS.find(([, perSecond]) => minimum! >= FIRST_TIME * perSecond && maximum! <= LAST_TIME * perSecond);
  if (!found || !(NAMED_TIME.test(name) || found[1] > 1)) return { notes: [] };
  const [format, perSecond] = found;
  const [from, to] = [minimum!, maximum!].map((end) => new Date((end * 1_000) / perSecond).toISOString().slice(0, 10));
  const choice = lineOf(name, { type: 'datetime', format });
  return {
    notes: [`"${name}" holds whole numbers; if they are times from ${from} to ${to}, write ${choice}`],
    choices: [choice],
  };
}

function numberColumn(facts: ColumnFacts, missing?: readonly string[]): FoundColumn {
  const { rows, numbers, whole, distinct, minimum, maximum, name } = facts;
  const type = whole === numbers ? 'integer' : 'float';
  const nullable = numbers < rows;
  if (type === 'integer' && !nullable && distinct === rows && rows >= LEAST_ROWS) {
    const isDense = maximum! - minimum! === rows - 1;
    if (isDense || NAMED_IDENTIFIER.test(name))
      return unused(
        type,
        `${grouped(distinct)} different whole numbers in ${grouped(rows)} rows, so it is a row number or an identifier`,
        nullable,
      );
  }
  const seen = [minimum!, maximum!] as const;
  return {
    column: { type, ...(nullable && { nullable }), ...(missing && { missing }), seen },
    ...(type === 'integer' ? asTimes(facts) : { notes: [] }),
  };
}

/** Missing tokens of a column that is not text: the default ones that occur in it, and additional ones. */
export async function tokensOf(
  database: Database,
  facts: ColumnFacts,
  odd: readonly { readonly text: string }[] = [],
): Promise<readonly string[]> {
  const own = odd.map(({ text }) => text.trim());
  const { text, isMissing } = facts;
  const usual = await database.query<{ text: string }>(
    `SELECT DISTINCT trim(${text}) AS text FROM texts WHERE ${isMissing} AND ${text} IS NOT NULL ORDER BY 1`,
  );
  return [...new Set(['', ...usual.map((one) => one.text).filter((token) => MISSING_TOKENS.includes(token)), ...own])];
}

/** A column of dates or times; where its texts are ambiguous, only the possible formats. */
function temporalColumn(
  name: string,
  nullable: boolean,
  texts: readonly { readonly text: string }[],
): FoundColumn | Required<Omit<FoundColumn, 'column'>> | undefined {
  const columnAs = (rules: object): RawColumn => ({ name, nullable, ...rules }) as RawColumn;
  const isFit = (rules: object): boolean => takesAll(columnAs(rules), texts, '.');
  const rangeOf = (column: RawColumn): readonly [number, number] => {
    const reader = kindOf(column).reader(column);
    let [low, high] = [Infinity, -Infinity];
    for (const { text } of texts) {
      const value = reader.fromText(text)!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return [low, high];
  };
  const isLikely = (rules: object): boolean => {
    const [low, high] = rangeOf(columnAs(rules));
    return low >= FIRST_DATE && high < LAST_DATE;
  };
  const iso = [{ type: 'date' }, { type: 'datetime' }, { type: 'datetime', timezone: 'UTC' }].find(isFit);
  const example = texts[0].text.trim();
  const fits = iso ? [iso] : timeRules(example).filter((rules) => isFit(rules) && isLikely(rules));
  if (fits.length > 1) {
    const choices = fits.map((rules) => lineOf(name, rules));
    const note = `"${name}" is read as text, because its dates, such as ${example}, fit more than one format; to read them as dates, write ${choices.join(' or ')}`;
    return { notes: [note], choices };
  }
  const [rules] = fits;
  if (!rules) return undefined;
  const notes =
    'timezone' in rules
      ? [
          `"${name}" has times without a time zone, which are read as UTC; set "timezone" to another offset, such as +02:00, if they are not`,
        ]
      : [];
  const column = columnAs(rules);
  const { toValue } = kindOf(column).reader(column);
  const seen = rangeOf(column).map((end) => String(toValue(end)));
  return { column: { ...rules, ...(nullable && { nullable }), seen } as unknown as ModelColumn, notes };
}

/** The cells that keep a column of numbers from being one, and how to declare them missing. */
function strayTexts(
  { name, rows, missing, numbers }: ColumnFacts,
  strays: readonly { readonly text: string }[],
): string[] {
  const tokens = strays.map(({ text }) => text.trim());
  const shown = tokens.map((token) => JSON.stringify(token)).join(', ');
  const advice =
    strays.length <= MOST_STRAYS
      ? `correct these cells and run init again, or, if they mean that there is no value, write ${lineOf(name, { type: 'float', nullable: true, missing: JSON.stringify(['', ...tokens]) })}`
      : 'correct these cells, and run init again';
  return [
    `"${name}" is read as text: ${grouped(numbers)} of its ${grouped(rows - missing)} values are numbers, but others are not, such as ${shown}; ${advice}`,
  ];
}

function oddTexts(name: string, texts: readonly { readonly text: string }[]): string[] {
  if (texts.every(({ text }) => WRITTEN_NUMBER.test(text.trim()))) {
    for (const [what, sign] of IN_THE_WAY) {
      const example = texts.find(({ text }) => sign.test(text.trim()));
      if (example)
        return [
          `"${name}" holds numbers with ${what}, such as ${example.text.trim()}: they are read as text; remove these characters from the file, and run init again`,
        ];
    }
  }
  if (texts.every(({ text }) => FOREIGN_DATE.test(text.trim())))
    return [
      `"${name}" looks like dates, such as ${texts[0].text.trim()}, but not all have the same format, so they are read as text; write them as YYYY-MM-DD, and run init again`,
    ];
  return [];
}

/**
 * Determines the narrowest kind that is valid for all cells of a column, and whether a model should use it.
 */
export async function columnOf(database: Database, facts: ColumnFacts, decimal: Decimal): Promise<FoundColumn> {
  const { name, rows, missing, distinct, numbers, padded, sqlType } = facts;
  const present = rows - missing;
  const nullable = missing > 0;
  if (NESTED.test(sqlType) && !sqlType.startsWith('DECIMAL') && !sqlType.startsWith('ENUM'))
    return unused('text', `its Parquet type ${sqlType} is not a single value`, nullable);
  if (name in Object.prototype) return unused('text', 'this name is reserved; rename the column', nullable);
  if (present === 0) return unused('text', 'it has no value in any row', true);
  if (distinct === 1 && !nullable)
    return unused(numbers === present ? 'float' : 'text', 'it has the same value in all rows', false);

  const number = kindOf({ type: 'float' }).sqlFromText!(facts.text, decimal);
  if (numbers === present && padded === 0) return numberColumn(facts);
  const strays =
    numbers >= NEARLY_ALL * present && padded === 0
      ? await textsOf(database, facts, `NOT coalesce(isfinite(${number}), false)`, MOST_STRAYS + 1)
      : [];
  if (strays.length > 0 && strays.length <= MOST_STRAYS && strays.every(({ text }) => TOKENS.test(text.trim())))
    return numberColumn(facts, await tokensOf(database, facts, strays));
  const texts = await textsOf(database, facts);
  const odd = oddTexts(name, texts);
  let told: Omit<FoundColumn, 'column'> = {
    notes: odd.length === 0 && strays.length > 0 ? strayTexts(facts, strays) : odd,
  };
  if (texts.length < MOST_TEXTS) {
    if (takesAll({ name, type: 'boolean', nullable }, texts, decimal))
      return { column: { type: 'boolean', ...(nullable && { nullable }) }, ...told };
    const temporal = temporalColumn(name, nullable, texts);
    if (temporal && 'column' in temporal) return temporal;
    if (temporal) told = temporal;
  }
  if (distinct === present && rows >= LEAST_ROWS)
    return { ...unused('text', `${grouped(distinct)} different values in ${grouped(rows)} rows`, nullable), ...told };
  if (distinct > MOST_CATEGORIES || (distinct > MOST_SHARE * present && rows >= LEAST_ROWS)) {
    if (distinct > 0.9 * present)
      return { ...unused('text', `${grouped(distinct)} different texts in ${grouped(rows)} rows`, nullable), ...told };
    return { column: { type: 'text', ...(nullable && { nullable }) }, ...told };
  }
  const values = texts.map(({ text }) => text).sort(byCodePoint);
  return {
    column: {
      type: 'category',
      codes: 'text',
      ...(nullable && { nullable }),
      ...(values.length <= LISTED_VALUES && { values }),
      unknown: 'other',
    },
    ...told,
  };
}
