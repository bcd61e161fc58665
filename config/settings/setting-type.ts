/** The values that a setting accepts; the program receives `T`. */
export interface SettingType<T = unknown> {
  /** What a value must be, in words, if it is invalid. */
  readonly fault: (value: unknown) => string | undefined;
  /** Converts a valid value for the program. */
  readonly read: (value: unknown) => T;
  /** Text stays text, even if it looks like a number. */
  readonly isText?: boolean;
  /** The types of a mapping's values, if its keys are known. */
  readonly fields?: Readonly<Record<string, SettingType>>;
}

type Of<Type> = Type extends SettingType<infer T> ? T : never;
type OptionalKey<Fields> = { [Key in keyof Fields]: undefined extends Of<Fields[Key]> ? Key : never }[keyof Fields];

/** The values of a mapping, by the types of its keys. */
export type ValuesOf<Fields> = {
  readonly [Key in Exclude<keyof Fields, OptionalKey<Fields>>]: Of<Fields[Key]>;
} & { readonly [Key in OptionalKey<Fields>]?: Of<Fields[Key]> };

const type = <T>(must: string, holds: (value: unknown) => boolean, isText = false): SettingType<T> => ({
  fault: (value) => (holds(value) ? undefined : must),
  read: (value) => value as T,
  isText,
});

export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNothing = (value: unknown): boolean => value === undefined || value === null;
const isWithin = (value: unknown, low: number, high: number): boolean =>
  typeof value === 'number' && value >= low && value <= high;
const isWhole = (value: unknown, low: number, high: number): boolean =>
  Number.isInteger(value) && isWithin(value, low, high);
const isCell = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
const isCells = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isCell);

export const number = (low: number, high: number): SettingType<number> =>
  type(`must be a number from ${low} to ${high}`, (value) => isWithin(value, low, high));

export const whole = (low: number, high: number): SettingType<number> =>
  type(`must be a whole number from ${low} to ${high}`, (value) => isWhole(value, low, high));

export const SECONDS = type<number>('must be a number of seconds from 0 to 3600', (value) => isWithin(value, 0, 3_600));
export const SHARE = type<number>('must be a share from 0 to 1', (value) => isWithin(value, 0, 1));
export const SIZE = type<number>('must be a number of at least 0', (value) => isWithin(value, 0, Number.MAX_VALUE));
export const FOLDS = type<number>(
  'must be 0, or a whole number from 2 to 20',
  (value) => value === 0 || isWhole(value, 2, 20),
);
export const SWITCH = type<boolean>('must be true or false', (value) => typeof value === 'boolean');

export const TEXT: SettingType<string> = {
  fault: (value) =>
    typeof value !== 'string' ? 'must be a text' : value.trim() === '' ? 'must not be blank' : undefined,
  read: String,
  isText: true,
};

export const matching = (pattern: RegExp, must: string): SettingType<string> =>
  type(must, (value) => typeof value === 'string' && pattern.test(value), true);

export const oneOf = <Word extends string>(...words: readonly Word[]): SettingType<Word> =>
  type(`must be one of ${words.join(', ')}`, (value) => words.includes(value as Word), true);

/** One of some words, in any letter case, or an alias of one. */
export function word<const Word extends string>(
  words: readonly Word[],
  synonyms: Readonly<Record<string, Word>> = {},
): SettingType<Word> {
  const exact = oneOf(...words);
  const read = (value: unknown): Word => {
    const lower = String(value).toLowerCase();
    return synonyms[lower] ?? (lower as Word);
  };
  return { ...exact, fault: (value) => exact.fault(typeof value === 'string' ? read(value) : value), read };
}

/** One or more texts and numbers. */
export const CELLS = type<readonly (string | number)[]>('must be a list of texts or numbers', isCells);

/** Ascending percentages. */
export const STEPS = type<readonly number[]>(
  'must be a list of ascending percentages, each above 0 and below 100',
  (value) =>
    Array.isArray(value) &&
    value.every((step, i) => typeof step === 'number' && step > ((value[i - 1] as number) ?? 0) && step < 100),
);

/** A mapping with arbitrary keys and values. */
export const ANY_MAPPING = type<Record<string, unknown>>('must be a mapping', isMapping);

const mappingOf = <T>(what: string, holds: (value: unknown) => boolean): SettingType<Readonly<Record<string, T>>> =>
  type(`must be a mapping of ${what}`, (value) => isMapping(value) && Object.values(value).every(holds));

export const BOUNDS = mappingOf<number>('metrics to numbers', Number.isFinite);
export const CELLS_OF_COLUMNS = mappingOf<readonly (string | number)[]>(
  'columns to lists of texts or numbers',
  isCells,
);

export function mapping<Fields extends Readonly<Record<string, SettingType>>>(
  fields: Fields,
): SettingType<ValuesOf<Fields>> {
  const read = (value: unknown): ValuesOf<Fields> =>
    Object.fromEntries(
      Object.entries(fields).map(([key, field]) => [key, field.read((value as Record<string, unknown>)[key])]),
    ) as ValuesOf<Fields>;
  return { ...ANY_MAPPING, read, fields };
}

/** The type, or an absent value. */
export const optional = <T>(type: SettingType<T>): SettingType<T | undefined> => ({
  ...type,
  fault: (value) => (isNothing(value) ? undefined : type.fault(value)),
  read: (value) => (isNothing(value) ? undefined : type.read(value)),
});
