import type { DecisionTree, Forest } from '#learners';
import { InputError, readStructured } from '#kit';

/** A fitted `RandomForestClassifier` as written by `tools/export_sklearn.py`. */
export interface ForestDump extends Forest {
  readonly type: 'RandomForestClassifier';
}

const numbers = { type: 'array', items: { type: 'number' } };
const integers = { type: 'array', items: { type: 'integer' } };
const strings = { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } };

const schema = {
  type: 'object',
  required: ['type', 'classes', 'feature_names', 'trees'],
  properties: {
    type: { const: 'RandomForestClassifier' },
    classes: { type: 'array', minItems: 2, anyOf: [{ items: { type: 'integer' } }, { items: { type: 'string' } }] },
    feature_names: strings,
    trees: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['feature', 'threshold', 'left', 'right', 'value'],
        properties: {
          feature: integers,
          threshold: numbers,
          left: integers,
          right: integers,
          value: { type: 'array', minItems: 1, items: numbers },
        },
      },
    },
  },
};

/** Children must follow their parents, which also rules out cycles. */
function treeFlaw(tree: DecisionTree, features: number, classes: number): string | undefined {
  const nodes = tree.value.length;
  const arrays = [tree.feature, tree.threshold, tree.left, tree.right];
  if (arrays.some(({ length }) => length !== nodes)) return `its arrays differ in length (${nodes} values)`;
  for (let i = 0; i < nodes; i++) {
    const [left, right] = [tree.left[i], tree.right[i]];
    if (tree.value[i].length !== classes) return `node ${i} has ${tree.value[i].length} class shares, not ${classes}`;
    if (left === -1 && right === -1) continue;
    if (left <= i || right <= i || left >= nodes || right >= nodes)
      return `node ${i} has children ${left} and ${right}`;
    if (tree.feature[i] < 0 || tree.feature[i] >= features) return `node ${i} asks for feature ${tree.feature[i]}`;
  }
  return undefined;
}

/**
 * Reads and checks a forest dump.
 *
 * @throws InputError saying which tree and node is wrong
 */
export async function readForestDump(path: string): Promise<ForestDump> {
  const dump = await readStructured<ForestDump>(path, schema);
  dump.trees.forEach((tree, t) => {
    const flaw = treeFlaw(tree, dump.feature_names.length, dump.classes.length);
    if (flaw)
      throw new InputError(`${path}: trees[${t}]: ${flaw}. Export the model again with tools/export_sklearn.py.`);
  });
  return dump;
}
