import type { Task } from '#bundle';
import type { CalibratedPart, Calibrator, LinearLink, LinearModel, Link, TreeEnsemble } from '#onnx';
import type { Estimator } from '../estimator/estimator.js';
import { DumpFlaw } from '../trees/dump-flaw.js';
import { EnsembleBuilder, type SourceNode } from '../trees/ensemble-builder.js';
import { Fields } from '../trees/fields.js';

const REMEDY = 'Export the model again with tools/export_sklearn.py';
const TREE_LINKS: readonly Link[] = ['identity', 'logistic', 'softmax', 'exponential'];
const LINEAR_LINKS: readonly LinearLink[] = [...TREE_LINKS, 'one_vs_rest', 'decision'];

/** A model's number of features and classes. */
export interface Shape {
  readonly features: number;
  readonly task: Task;
  /** 0 for a regression. */
  readonly classes: number;
}

function oneOf<T extends string>(fields: Fields, key: string, known: readonly T[]): T {
  const value = fields.text(key) as T;
  if (known.includes(value)) return value;
  throw new DumpFlaw(fields.placeOf(key), `is "${value}", none of ${known.join(', ')}`, REMEDY);
}

/** Checks the number of outputs: one for two classes with a single margin and for a regression, else one per class. */
function checkOutputs(outputs: number, link: LinearLink, { classes }: Shape, where: string): void {
  const due = classes > 2 ? classes : 1;
  if (outputs !== due) throw new DumpFlaw(where, `gives ${outputs} values a row, not ${due}`, REMEDY);
  const ofClasses =
    link !== 'exponential' && !(link === 'softmax' && classes === 2) && !(link === 'logistic' && classes > 2);
  if (classes > 0 ? !ofClasses : link !== 'identity' && link !== 'exponential') {
    throw new DumpFlaw(where, `ends with ${link}, which does not go with ${classes} classes`, REMEDY);
  }
}

function addTree(builder: EnsembleBuilder, tree: Fields, outputs: number, width: number): void {
  const feature = tree.numbers('feature');
  const size = feature.length;
  const [threshold, left, right, missingLeft] = ['threshold', 'left', 'right', 'missing_left'].map((key) =>
    tree.numbers(key, size),
  );
  const value = tree.numbers('value', size * width);
  const codes = tree.has('codes') ? tree.list('codes') : undefined;
  const output = tree.count('output');
  if (output + width > outputs) throw new DumpFlaw(tree.placeOf('output'), `is ${output} of ${outputs}`, REMEDY);
  const codesAt = (i: number): readonly number[] | undefined => {
    const own = codes?.[i];
    if (own === null || own === undefined) return undefined;
    const isAscending = (list: readonly unknown[]): boolean =>
      list.every(
        (code, k) =>
          Number.isInteger(code) && (code as number) >= 0 && (k === 0 || (code as number) > (list[k - 1] as number)),
      );
    if (Array.isArray(own) && isAscending(own)) return own as number[];
    throw new DumpFlaw(`${tree.placeOf('codes')}[${i}]`, 'are no categories in ascending order', REMEDY);
  };
  const nodeAt = (i: number): SourceNode =>
    left[i] < 0
      ? { leaf: width === 1 ? value[i] : Array.from(value.subarray(i * width, (i + 1) * width)) }
      : {
          feature: feature[i],
          threshold: threshold[i],
          codes: codesAt(i),
          missingLeft: missingLeft[i] === 1,
          left: left[i],
          right: right[i],
        };
  builder.add({ name: tree.where, output, root: 0, size, nodeAt });
}

/** Reads trees as written by `tools/export_sklearn.py`. @throws DumpFlaw */
function readTrees(model: Fields, features: number): TreeEnsemble {
  const base = Array.from(model.numbers('base'));
  const width = model.count('width');
  const trees = model.list('trees');
  if (width < 1 || base.length === 0 || !base.every(Number.isFinite)) {
    throw new DumpFlaw(model.placeOf('base'), 'are no finite numbers, one an output', REMEDY);
  }
  if (trees.length === 0) throw new DumpFlaw(model.placeOf('trees'), 'are none', 'Train at least one');
  const builder = new EnsembleBuilder(features, width);
  for (let t = 0; t < trees.length; t++) {
    addTree(builder, Fields.of(trees[t], `${model.placeOf('trees')}[${t}]`), base.length, width);
  }
  const input = oneOf(model, 'input', ['float32', 'float64'] as const);
  return builder.finish(input, base, oneOf(model, 'link', TREE_LINKS), oneOf(model, 'join', ['sum', 'mean'] as const));
}

function readLinear(model: Fields, features: number): LinearModel {
  const rows = model.list('coefficients');
  const intercepts = model.numbers('intercepts', rows.length);
  const coefficients = Array.from(rows, (_, k) =>
    Fields.of({ row: rows[k] }, `${model.placeOf('coefficients')}[${k}]`).numbers('row', features),
  );
  if (![...coefficients, intercepts].every((numbers) => numbers.every(Number.isFinite))) {
    throw new DumpFlaw(model.placeOf('coefficients'), 'hold a number that is not finite', REMEDY);
  }
  return { features, input: 'float64', coefficients, intercepts, link: oneOf(model, 'link', LINEAR_LINKS) };
}

function readCalibrator(calibrator: Fields): Calibrator {
  const kind = oneOf(calibrator, 'kind', ['sigmoid', 'isotonic'] as const);
  if (kind === 'sigmoid') {
    return { kind, a: calibrator.number('a'), b: calibrator.number('b') };
  }
  const x = Array.from(calibrator.numbers('x'));
  const y = Array.from(calibrator.numbers('y', x.length));
  const isLine =
    x.length > 0 && x.every((at, i) => Number.isFinite(at) && Number.isFinite(y[i]) && (i === 0 || at > x[i - 1]));
  if (!isLine) throw new DumpFlaw(calibrator.placeOf('x'), 'are no points of a line, in ascending order', REMEDY);
  return { kind, x, y };
}

function readPart(part: Fields, shape: Shape): CalibratedPart {
  const model = part.fields('model');
  const kind = oneOf(model, 'kind', ['trees', 'linear'] as const);
  const calibrators = Array.from(part.list('calibrators'), (value, k) =>
    readCalibrator(Fields.of(value, `${part.placeOf('calibrators')}[${k}]`)),
  );
  const scorer =
    kind === 'trees'
      ? { ensemble: readTrees(model, shape.features) }
      : { linear: { ...readLinear(model, shape.features), link: 'identity' as const } };
  const outputs = scorer.ensemble ? scorer.ensemble.outputs : scorer.linear.intercepts.length;
  checkOutputs(outputs, 'identity', shape, model.where);
  if (calibrators.length !== outputs) {
    throw new DumpFlaw(part.placeOf('calibrators'), `are ${calibrators.length}, not ${outputs}`, REMEDY);
  }
  return { scorer, calibrators };
}

function readCalibrated(model: Fields, shape: Shape): Estimator {
  if (shape.classes === 0) throw new DumpFlaw(model.where, 'is calibrated, but predicts a number', REMEDY);
  const parts = Array.from(model.list('parts'), (value, i) =>
    readPart(Fields.of(value, `${model.placeOf('parts')}[${i}]`), shape),
  );
  if (parts.length === 0) throw new DumpFlaw(model.placeOf('parts'), 'are none', REMEDY);
  const inputs = parts.map(({ scorer }) => ('ensemble' in scorer ? scorer.ensemble.input : scorer.linear.input));
  if (new Set(inputs).size > 1) throw new DumpFlaw(model.placeOf('parts'), 'take features of two types', REMEDY);
  return { kind: 'calibrated', calibrated: { features: shape.features, input: inputs[0], parts } };
}

/** Reads an export's `model`, unless another library saved it. @throws DumpFlaw naming the wrong place */
export function readEstimator(model: Fields, shape: Shape): Estimator {
  const kind = oneOf(model, 'kind', ['trees', 'linear', 'calibrated'] as const);
  if (kind === 'calibrated') return readCalibrated(model, shape);
  if (kind === 'trees') {
    const ensemble = readTrees(model, shape.features);
    checkOutputs(ensemble.outputs, ensemble.link, shape, model.where);
    return { kind, ensemble };
  }
  const linear = readLinear(model, shape.features);
  checkOutputs(linear.intercepts.length, linear.link, shape, model.where);
  return { kind, linear };
}
