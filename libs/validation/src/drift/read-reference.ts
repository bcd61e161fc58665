import type { RawSchema } from '#schema';
import { InputError, readStructured } from '#kit';
import { QUANTILE_SHARES } from '#bundle';
import type { Reference } from '../reference-stats.js';

const numbers = (minItems: number, maxItems?: number): object => ({
  type: 'array',
  items: { type: 'number' },
  minItems,
  ...(maxItems && { maxItems }),
});

const referenceSchema = {
  type: 'object',
  required: ['format_version', 'rows', 'columns'],
  properties: {
    format_version: { enum: [1, 2] },
    rows: { type: 'integer', minimum: 1 },
    columns: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['missing', 'quantiles', 'histogram'],
        properties: {
          missing: { type: 'integer', minimum: 0 },
          quantiles: numbers(QUANTILE_SHARES.length, QUANTILE_SHARES.length),
          histogram: {
            type: 'object',
            required: ['edges', 'counts'],
            properties: { edges: numbers(2), counts: numbers(1) },
          },
          frequencies: {
            type: 'object',
            required: ['values', 'counts'],
            properties: { values: numbers(1), counts: numbers(1) },
          },
        },
      },
    },
    target: {
      type: 'object',
      required: ['column', 'classes'],
      properties: {
        column: { type: 'string' },
        classes: { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } },
      },
    },
  },
};

/** Reads a reference_stats.json, or a bundle's baseline.json, that describes the same columns. */
export async function readReference(path: string, schema: RawSchema): Promise<Reference> {
  const reference = await readStructured<Reference>(path, referenceSchema);
  const lacking = schema.find(({ name }) => !(name in reference.columns));
  for (const [name, { histogram, frequencies }] of Object.entries(reference.columns)) {
    const { edges, counts } = histogram;
    if (counts.length !== edges.length - 1) {
      const found = `${counts.length} counts between ${edges.length} edges`;
      throw new InputError(`${path}: the histogram of "${name}" has ${found}; write the reference again.`);
    }
    if (frequencies && frequencies.counts.length !== frequencies.values.length) {
      const found = `${frequencies.counts.length} counts of ${frequencies.values.length} values`;
      throw new InputError(`${path}: the frequencies of "${name}" have ${found}; write the reference again.`);
    }
  }
  if (lacking) throw new InputError(`${path} does not describe the column "${lacking.name}": drift cannot be judged.`);
  return reference;
}
