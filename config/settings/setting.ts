import { mapping, type SettingType, type ValuesOf } from './setting-type.js';

interface Facts<T> {
  readonly type: SettingType<T>;
  /** The value in config.yaml. A setting without one is optional and is shown there as a comment with an example. */
  readonly default?: NoInfer<T>;
  readonly example?: NoInfer<T>;
  /** The default for a model with its own file, because config.yaml's value is for the default model's table. */
  readonly own?: NoInfer<T>;
  /** The environment variable that overrides it. */
  readonly env?: string;
  /** The flag that overrides both, and the placeholder of its value. */
  readonly flag?: string;
}

/** A line of `config.yaml` and of docs/configuration.md. */
export interface Setting<T = unknown> extends Facts<T> {
  /** The description for users, in Markdown. */
  readonly sentence: string;
}

type Settings = Readonly<Record<string, Setting>>;
type TypesOf<Of extends Settings> = { readonly [Key in keyof Of]: Of[Key]['type'] };

/** A section of `config.yaml`. */
export interface Section<Of extends Settings = Settings> {
  readonly sentence?: string;
  readonly settings: Of;
}

export type Sections = Readonly<Record<string, Section>>;

/** The values of sections, as the program receives them. */
export type ConfigOf<Of extends Sections> = {
  readonly [Name in keyof Of]: ValuesOf<TypesOf<Of[Name]['settings']>>;
};

/** A setting; the compiler checks its default and example against its type. */
export const setting = <T>(sentence: string, facts: Facts<T>): Setting<T> => ({ sentence, ...facts });

export const section = <Of extends Settings>(settings: Of, sentence?: string): Section<Of> => ({ sentence, settings });

const mapValues = <T, U>(values: Readonly<Record<string, T>>, to: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, to(value)]));

/** Sections as one type. */
export const typeOf = <Of extends Sections>(sections: Of): SettingType<ConfigOf<Of>> =>
  mapping(mapValues(sections, ({ settings }) => mapping(mapValues(settings, ({ type }) => type)))) as SettingType<
    ConfigOf<Of>
  >;
