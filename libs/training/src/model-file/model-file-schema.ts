import { PLAIN_NAME } from '#kit';
import { COLUMN_TYPES } from '#schema';
import { SPLITS, TASKS } from './model-file.js';

const CELL = { type: ['string', 'number'] };
const SECTION = { type: 'object' };

const column = {
  type: 'object',
  required: ['type'],
  additionalProperties: false,
  properties: {
    type: { enum: COLUMN_TYPES, description: 'what its values are' },
    use: { type: 'boolean', description: 'whether the model gets it; rows may have it anyhow' },
    why: { type: 'string', description: 'why it is not used' },
    nullable: { type: 'boolean', description: 'whether a row may have no value' },
    missing: { type: 'array', items: CELL, description: 'texts that stand for no value; those of pandas if not given' },
    seen: { type: 'array', items: CELL, minItems: 2, maxItems: 2, description: 'told, not enforced' },
    minimum: {
      ...CELL,
      description: 'the least that a value may be, of dates and times written as they are: enforced',
    },
    maximum: { ...CELL, description: 'the most that a value may be, of dates and times written as they are: enforced' },
    codes: { enum: ['text', 'number'], description: 'whether categories are texts or numbers' },
    values: {
      type: 'array',
      items: CELL,
      uniqueItems: true,
      description: 'the categories; those of the training part if not given',
    },
    unknown: {
      enum: ['error', 'missing', 'other'],
      description: 'what a category that is not among the values is: refused, no value, or one of its own',
    },
    format: {
      type: 'string',
      minLength: 1,
      description:
        'how dates or times are written, as %d.%m.%Y or %m/%d/%Y %I:%M %p; epoch_seconds, epoch_milliseconds; ISO 8601 if not given',
    },
    timezone: {
      type: 'string',
      pattern: '^(UTC|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$',
      description: 'of times that are written without one',
    },
    description: { type: 'string' },
    example: {},
  },
};

/** JSON Schema of a model's file; editors read it from `config/model.schema.json`. */
export const MODEL_FILE_SCHEMA = {
  type: 'object',
  required: ['format_version', 'name', 'data', 'columns'],
  additionalProperties: false,
  properties: {
    format_version: { const: 1 },
    name: { type: 'string', pattern: PLAIN_NAME.source, description: "the model's; the file's name too" },
    data: {
      type: 'object',
      required: ['path', 'target'],
      properties: {
        path: { type: 'string', minLength: 1, description: 'CSV with a header, or Parquet; relative to SKEWLESS_HOME' },
        target: { type: 'string', description: 'the column to predict' },
        split: {
          type: 'object',
          required: ['by'],
          additionalProperties: false,
          properties: {
            by: { enum: SPLITS, description: 'how a row comes to be for training or for the test' },
            test: { type: 'number', minimum: 0.01, maximum: 0.9, description: 'share of the test part' },
            column: { type: 'string', description: 'of the groups, or of the time' },
          },
        },
      },
    },
    task: { enum: TASKS, description: 'what is predicted' },
    positive: { ...CELL, description: 'of two classes the one whose probability is answered' },
    threshold: {
      type: 'number',
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      description:
        'of two classes: from which probability of the second one on it is predicted; the more probable one if not given',
    },
    columns: { type: 'object', minProperties: 1, additionalProperties: column },
    recipe: { const: 'auto', description: 'steps chosen by the kinds of the columns and the learner' },
    steps: { type: 'array', items: { type: 'object', required: ['kind'] } },
    outputs: { type: 'array', items: { type: 'string' }, minItems: 1 },
    accepts_missing: {
      type: 'boolean',
      description: 'beside steps and outputs: whether features may lack a value, as boosting and forests take them',
    },
    validation: SECTION,
    training: SECTION,
    gate: SECTION,
    monitor: SECTION,
    renewal: SECTION,
  },
} as const;
