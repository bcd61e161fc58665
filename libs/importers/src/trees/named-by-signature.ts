import type { RawColumn } from '#schema';
import { namedAsIn, renamed } from './renamed.js';
import type { TranslatedModel } from './translated-model.js';

/** A column of an MLflow signature. */
export interface SignatureColumn {
  readonly name: string;
  /** MLflow's type: double, long, boolean and others. */
  readonly type: string;
  /** Whether it is required; MLflow infers this from a column without missing values. Absent means true. */
  readonly required?: boolean;
}

/** Default names of libraries for unnamed columns. */
const UNNAMED = /^(?:f|Column_)\d+$/;
const KINDS: Readonly<Record<string, RawColumn['type']>> = { integer: 'integer', long: 'integer', boolean: 'boolean' };

/**
 * Applies an MLflow signature to a model's columns: names where it has none, kinds of numbers, and whether a value may
 * be missing.
 */
export function namedBySignature(model: TranslatedModel, signature: readonly SignatureColumn[]): TranslatedModel {
  const { inputs } = model;
  if (signature.length !== inputs.length) return model;
  const isUnnamed = inputs.every(({ name }) => UNNAMED.test(name));
  const named = isUnnamed
    ? renamed(model, (name) => signature[inputs.findIndex((input) => input.name === name)].name)
    : namedAsIn(
        model,
        signature.map(({ name }) => name),
      );
  return {
    ...named,
    inputs: named.inputs.map((input) => {
      const stated = signature.find(({ name }) => name === input.name);
      if (!stated) return input;
      const type = input.type === 'float' ? (KINDS[stated.type] ?? input.type) : input.type;
      return { ...input, type, nullable: stated.required === false } as RawColumn;
    }),
  };
}
