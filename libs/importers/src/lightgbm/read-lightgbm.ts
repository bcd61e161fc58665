import { MAX_FEATURES } from '#features';
import { type SourceColumn, categoryColumn } from '../trees/category-column.js';
import { DumpFlaw } from '../trees/dump-flaw.js';
import { EnsembleBuilder } from '../trees/ensemble-builder.js';
import type { TranslatedModel } from '../trees/translated-model.js';
import { type ModelText, readModelText } from './model-text.js';
import { readObjective } from './objectives.js';
import { addTree, MISSING, missingTypes } from './trees.js';

/** The categorical features, by the parameters if present, else by the form of their range. */
function categorical({ head, settings }: ModelText, features: number): ReadonlySet<number> {
  const named = settings.get('categorical_feature');
  const infos = head.has('feature_infos') ? head.words('feature_infos') : [];
  const byRange = infos.flatMap((info, f) => (info === 'none' || info.startsWith('[') ? [] : [f]));
  const indices =
    named === undefined || named === '' || named.startsWith('name:') ? byRange : named.split(',').map(Number);
  return new Set([...indices, ...byRange].filter((f) => Number.isInteger(f) && f >= 0 && f < features));
}

function columnsOf(text: ModelText, names: readonly string[], missing: ReadonlyMap<number, number>): SourceColumn[] {
  const codes = categorical(text, names.length);
  const { categories } = text;
  if (categories.length > 0 && categories.length !== codes.size) {
    throw new DumpFlaw(
      'pandas_categorical',
      `has the categories of ${categories.length} columns, but ${codes.size} features hold categories: which is which, the model does not say`,
      'Name columns and values by --recipe, in the order of their codes',
    );
  }
  let next = 0;
  return names.map((name, f): SourceColumn => {
    if (codes.has(f)) {
      const values = categories[next++];
      if (!values) return { column: { name, type: 'integer', nullable: true }, steps: [] };
      const column = categoryColumn(name, values, 'missing');
      if (column) return column;
      throw new DumpFlaw(
        'pandas_categorical',
        `has categories of "${name}" that are neither different texts, nor different numbers, nor false and true`,
        'Train on a column of texts, or name its values by --recipe',
      );
    }
    const steps = missing.get(f) === MISSING.zero ? [{ kind: 'zero_to_missing' as const, column: name }] : [];
    return { column: { name, type: 'float', nullable: true }, steps };
  });
}

/**
 * Translates a LightGBM model, as `Booster.save_model` writes it.
 *
 * @throws DumpFlaw naming what is wrong or not supported, and the way out
 */
export function readLightgbm(source: string): TranslatedModel {
  const text = readModelText(source);
  const { head, trees } = text;
  const features = head.count('max_feature_idx') + 1;
  if (features > MAX_FEATURES)
    throw new DumpFlaw('max_feature_idx', `says ${features} features; a model has at most ${MAX_FEATURES}`);
  const names = head.words('feature_names');
  if (names.length !== features) throw new DumpFlaw('feature_names', `has ${names.length} names, not ${features}`);
  if (!head.has('objective')) {
    throw new DumpFlaw(
      'objective',
      'is missing, because it was a custom function, so it is unknown how sums become predictions',
      'Train with one of the objectives of LightGBM',
    );
  }
  const objective = readObjective(head.words('objective'));
  const outputs = head.count('num_tree_per_iteration', 1);
  if (outputs !== head.count('num_class', 1) || (objective.link === 'softmax' ? outputs < 2 : outputs !== 1)) {
    throw new DumpFlaw('num_tree_per_iteration', `is ${outputs}, which does not fit objective=${objective.name}`);
  }
  if (trees.length === 0 || trees.length % outputs !== 0) {
    throw new DumpFlaw('', `holds ${trees.length} trees, not a multiple of ${outputs}`, 'Train at least one round');
  }
  const isMean = head.has('average_output');
  const factor = objective.factor / (isMean ? trees.length / outputs : 1);
  const builder = new EnsembleBuilder(features);
  trees.forEach((tree, i) => addTree(builder, tree, i % outputs, factor));
  const columns = columnsOf(text, names, missingTypes(trees));
  const classes = objective.task === 'regression' ? 0 : Math.max(2, outputs);
  return {
    source: 'lightgbm',
    sourceVersion: head.has('version') ? head.text('version') : null,
    algorithm: isMean ? 'random_forest' : 'gradient_boosting',
    objective: objective.name,
    task: classes === 0 ? 'regression' : classes === 2 ? 'binary' : 'multiclass',
    classes,
    ensemble: builder.finish('float64', new Array<number>(outputs).fill(0), objective.link),
    inputs: columns.map(({ column }) => column),
    steps: columns.flatMap(({ steps }) => steps),
    notes: [],
  };
}
