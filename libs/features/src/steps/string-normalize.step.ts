import { isVocabulary } from '../content.js';
import type { TextForm } from './text-form.js';
import type { StepDefinition } from './step.js';

/**
 * Normalises the texts of a raw column, in place. It is applied as a cell is read, in training and in serving, so that
 * a column's vocabulary holds normalised texts; as a step it computes nothing.
 */
export interface StringNormalizeStep extends TextForm {
  readonly kind: 'string_normalize';
  readonly column: string;
}

export const stringNormalize: StepDefinition<StringNormalizeStep> = {
  reads: (step) => [step.column],
  writes: (step) => [step.column],
  objection(_, content, name) {
    const isText = isVocabulary(content) && content.every((value) => typeof value === 'string');
    return isText ? undefined : `"${name}" has no texts`;
  },
  contentAfter: (_, name, contentOf) => contentOf(name),
  missing: () => 'pass',
  fit: (step) => step,
  bind: () => () => undefined,
};
