import type { RawColumn } from '#schema';
import { namedAsIn, renamed } from './renamed.js';
import type { TranslatedModel } from './translated-model.js';

/** A column that a model was logged with. */
export interface SignatureColumn {
  readonly name: string;
  /** As MLflow calls it: double, long, boolean and others. */
  readonly type: string;
  /** Whether it must be there, as MLflow infers it of a column without gaps; true where it does not say. */
  readonly required?: boolean;
}

/** What libraries call columns that came without names. */
const UNNAMED = /^(?:f|Column_)\d+$/;
const KINDS: Readonly<Record<string, RawColumn['type']>> = { integer: 'integer', long: 'integer', boolean: 'boolean' };

/**
 * A model with the columns of the signature that it was logged with: their names where it has none, kinds of numbers, and whether
 * one may be missing.
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
