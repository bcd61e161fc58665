import type { TranslatedModel } from './translated-model.js';

/** A column's name as saved by LightGBM. */
const saved = (name: string): string => name.replaceAll(' ', '_');

/** A model with some of its columns renamed. */
export function renamed(model: TranslatedModel, nameOf: (name: string) => string): TranslatedModel {
  return {
    ...model,
    inputs: model.inputs.map((input) => ({ ...input, name: nameOf(input.name) })),
    steps: model.steps.map((step) => ('column' in step ? { ...step, column: nameOf(step.column) } : step)),
  };
}

/** Restores the names of a model's columns from a table: LightGBM saves `my column` as `my_column`. */
export function namedAsIn(model: TranslatedModel, header: readonly string[]): TranslatedModel {
  if (model.source !== 'lightgbm') return model;
  return renamed(model, (name) => {
    if (header.includes(name)) return name;
    const fitting = header.filter((one) => saved(one) === name);
    return fitting.length === 1 ? fitting[0] : name;
  });
}
