import { readJsonTensor } from '../../inference-protocol/tensors/json-data.js';
import { checkShape } from '../../inference-protocol/tensors/shape.js';
import type { NamedTensor, TensorSpec } from '../../inference-protocol/tensors/tensor.js';
import type { Invocation } from '../read-invocation.js';
import { inSteps } from '../../http/steps.js';
import { isObject } from '../../http/is-object.js';
import { badFormat } from './columns.js';

/** The shape of nested arrays, by the first element of each. */
function shapeOf(data: unknown): number[] {
  const shape: number[] = [];
  for (let level = data; Array.isArray(level); level = level[0] as unknown) shape.push(level.length);
  return shape;
}

/** One row after the other, as one array per input. */
function byInput(rows: readonly Readonly<Record<string, unknown>>[]): Record<string, unknown[]> {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return Object.fromEntries([...names].map((name) => [name, rows.map((row) => row[name])]));
}

/**
 * Tensors as MLflow's clients write them for a model whose signature is of tensors: nested arrays, by the name of the
 * input, or alone where the model has one input.
 *
 * @throws Problem `bad-request`
 * @throws InvalidTensorError naming the element that does not fit
 */
export async function toTensors({ field, value }: Invocation, specs: readonly TensorSpec[]): Promise<NamedTensor[]> {
  if (field !== 'inputs' && field !== 'instances') {
    throw badFormat(`${field} is for models of columns; this one takes tensors: send inputs or instances`);
  }
  const isRows = field === 'instances' && Array.isArray(value) && value.length > 0 && value.every(isObject);
  const named = isRows ? byInput(value) : value;
  const alone = Array.isArray(named) && specs.length === 1 ? { [specs[0].name]: named } : named;
  if (!isObject(alone)) {
    const names = specs.map(({ name }) => name).join(', ');
    throw badFormat(`${field} must name the inputs of this model, ${names}, each with an array`);
  }
  const tensors: NamedTensor[] = [];
  for (const [name, data] of Object.entries(alone)) {
    const datatype = specs.find((spec) => spec.name === name)?.datatype ?? 'FP64';
    const shape = shapeOf(data);
    checkShape(shape, `input "${name}"`);
    tensors.push(await inSteps(readJsonTensor(data, { name, datatype, shape })));
  }
  return tensors;
}
