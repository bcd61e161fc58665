import { MAX_FEATURES } from '#features';
import { type SourceColumn, categoryColumn } from '../trees/category-column.js';
import { DumpFlaw } from '../trees/dump-flaw.js';
import { EnsembleBuilder } from '../trees/ensemble-builder.js';
import type { TranslatedModel, TreeChoice } from '../trees/translated-model.js';
import { Fields } from '../trees/fields.js';
import { OBJECTIVES } from './objectives.js';
import { addTree } from './trees.js';
import { encodedCategories } from './encoded-categories.js';

const SAVE = 'Save it by save_model("model.json") or save_model("model.ubj")';

/** The booster's model, if it is of trees. @throws DumpFlaw naming what is not supported */
function modelOf(learner: Fields): Fields {
  const booster = learner.fields('gradient_booster');
  const name = booster.text('name');
  if (name === 'dart') {
    throw new DumpFlaw(
      booster.placeOf('name'),
      'is DART, whose trees are weighted by what was dropped',
      'Train with booster="gbtree"',
    );
  }
  if (name === 'gblinear') {
    throw new DumpFlaw(
      booster.placeOf('name'),
      'is gblinear, which has no trees',
      'Train a linear model with scikit-learn, or with booster="gbtree"',
    );
  }
  if (name !== 'gbtree') throw new DumpFlaw(booster.placeOf('name'), `is ${JSON.stringify(name)}, not gbtree`, SAVE);
  return booster.fields('model');
}

/** The base score of each group of trees, on the scale of predictions. */
function baseScores(parameters: Fields, groups: number): number[] {
  const text = parameters.text('base_score');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const scores = Array.isArray(value) ? (value as unknown[]) : [value];
  if (!scores.every((score) => typeof score === 'number')) {
    throw new DumpFlaw(parameters.placeOf('base_score'), `is ${JSON.stringify(text)}, no number`);
  }
  if (scores.length !== 1 && scores.length !== groups) {
    throw new DumpFlaw(parameters.placeOf('base_score'), `has ${scores.length} numbers, not ${groups}`);
  }
  return Array.from({ length: groups }, (_, group) => Math.fround(scores[scores.length === 1 ? 0 : group]));
}

/** The number of trees that predict, with notes about it. */
function chosenTrees(learner: Fields, model: Fields, choice: TreeChoice): { trees: number; notes: string[] } {
  const all = model.list('trees').length;
  const attributes = learner.has('attributes') ? learner.fields('attributes') : undefined;
  if (!attributes?.has('best_iteration')) return { trees: all, notes: [] };
  const best = attributes.count('best_iteration');
  const { trees, rounds } = treesUpTo(learner, model, best + 1);
  if (rounds === best + 1) return { trees: all, notes: [] };
  const said = `Training stopped early: iteration ${best} of 0 to ${rounds - 1} was the best.`;
  return choice === 'best'
    ? {
        trees,
        notes: [
          `${said} The trees up to it are taken, as XGBClassifier and XGBRegressor predict; --trees all takes every one, as Booster.predict does.`,
        ],
      }
    : {
        trees: all,
        notes: [`${said} Every tree is taken, as Booster.predict does; --trees best takes those up to it.`],
      };
}

function treesUpTo(learner: Fields, model: Fields, rounds: number): { trees: number; rounds: number } {
  const all = model.list('trees').length;
  if (model.has('iteration_indptr')) {
    const starts = model.numbers('iteration_indptr');
    const end = starts[rounds];
    if (!(Number.isInteger(end) && end > 0 && end <= all)) {
      throw new DumpFlaw(
        learner.placeOf('attributes.best_iteration'),
        `is ${rounds - 1} of ${starts.length - 1} iterations`,
      );
    }
    return { trees: end, rounds: starts.length - 1 };
  }
  const groups = Math.max(1, learner.fields('learner_model_param').count('num_class', 0));
  const each = groups * Math.max(1, model.fields('gbtree_model_param').count('num_parallel_tree', 1));
  return { trees: Math.min(all, rounds * each), rounds: Math.ceil(all / each) };
}

/** The features as columns, with the names and types of the training table. */
function columnsOf(learner: Fields, model: Fields, features: number): SourceColumn[] {
  const given = learner.has('feature_names') ? learner.texts('feature_names') : [];
  const types = learner.has('feature_types') ? learner.texts('feature_types') : [];
  for (const [key, { length }] of Object.entries({ feature_names: given, feature_types: types })) {
    if (length > 0 && length !== features)
      throw new DumpFlaw(learner.placeOf(key), `has ${length} entries, not ${features}`);
  }
  const categories = model.has('cats') ? encodedCategories(model.fields('cats')) : [];
  return Array.from({ length: features }, (_, f): SourceColumn => {
    const name = given[f] ?? `f${f}`;
    const type = types[f] ?? 'float';
    const values = categories[f];
    if (type === 'c' && values && values.length > 0) {
      const column = categoryColumn(name, values, 'error');
      if (column) return column;
      throw new DumpFlaw(
        model.placeOf('cats'),
        `has categories of "${name}" that are neither different texts nor different numbers`,
        'Train on a column of texts, or name its values by --recipe',
      );
    }
    const kind =
      type === 'i' ? ('boolean' as const) : type === 'int' || type === 'c' ? ('integer' as const) : ('float' as const);
    return { column: { name, type: kind, nullable: true }, steps: [] };
  });
}

/**
 * Translates an XGBoost model, as `save_model` writes it as JSON or UBJSON.
 *
 * Source: https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html and `LoadModel` in
 * https://github.com/dmlc/xgboost/tree/master/src
 *
 * @param document the parsed file
 * @throws DumpFlaw naming what is wrong or not supported, and the way out
 */
export function readXgboost(document: unknown, choice: TreeChoice): TranslatedModel {
  const whole = Fields.of(document, '');
  const learner = whole.fields('learner');
  const model = modelOf(learner);
  const parameters = learner.fields('learner_model_param');
  const objective = learner.fields('objective').text('name');
  const known = OBJECTIVES.get(objective);
  if (!known) {
    throw new DumpFlaw(
      'learner.objective.name',
      `is ${JSON.stringify(objective)}, whose predictions are not made here`,
      `Train with one of ${[...OBJECTIVES.keys()].join(', ')}`,
    );
  }
  const features = parameters.count('num_feature');
  if (features < 1 || features > MAX_FEATURES)
    throw new DumpFlaw(parameters.placeOf('num_feature'), `is ${features}; a model has 1 to ${MAX_FEATURES}`);
  const groups = Math.max(1, parameters.count('num_class', 0)) * Math.max(1, parameters.count('num_target', 1));
  if (known.link !== 'softmax' && groups > 1) {
    throw new DumpFlaw(
      'learner.learner_model_param',
      `says ${groups} predictions a row of ${objective}`,
      'Train one model for each',
    );
  }
  if (known.link === 'softmax' && (groups < 2 || groups > MAX_FEATURES)) {
    throw new DumpFlaw(parameters.placeOf('num_class'), `is ${groups}; ${objective} tells at least two classes apart`);
  }
  const { trees, notes } = chosenTrees(learner, model, choice);
  const all = model.list('trees');
  if (trees === 0) throw new DumpFlaw(model.placeOf('trees'), 'are none', 'Train at least one');
  const treeGroups = model.numbers('tree_info', all.length);
  const columns = columnsOf(learner, model, features);
  const builder = new EnsembleBuilder(features);
  for (let tree = 0; tree < trees; tree++) {
    const name = `${model.placeOf('trees')}[${tree}]`;
    const group = treeGroups[tree];
    if (!(Number.isInteger(group) && group >= 0 && group < groups))
      throw new DumpFlaw(name, `is of group ${group} of ${groups}`);
    addTree(builder, Fields.of(all[tree], name), group);
  }
  const margins = baseScores(parameters, groups).map((score) => Math.fround(known.marginOf(score)));
  const wrong = margins.find((margin) => !Number.isFinite(margin));
  if (wrong !== undefined) throw new DumpFlaw(parameters.placeOf('base_score'), `is no base score of ${objective}`);
  const classes = known.task === 'regression' ? 0 : Math.max(2, groups);
  const parallel = model.has('gbtree_model_param')
    ? model.fields('gbtree_model_param').count('num_parallel_tree', 1)
    : 1;
  return {
    source: 'xgboost',
    sourceVersion: whole.has('version') ? whole.numbers('version').join('.') : null,
    algorithm: parallel > 1 && trees <= parallel * groups ? 'random_forest' : 'gradient_boosting',
    objective,
    task: classes === 0 ? 'regression' : classes === 2 ? 'binary' : 'multiclass',
    classes,
    ensemble: builder.finish('float32', margins, known.link),
    inputs: columns.map(({ column }) => column),
    steps: columns.flatMap(({ steps }) => steps),
    notes,
  };
}
