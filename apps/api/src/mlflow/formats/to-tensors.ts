import { readJsonTensor } from '../../inference-protocol/tensors/json-data.js';
import { checkShape } from '../../inference-protocol/tensors/shape.js';
import type { NamedTensor, TensorSpec } from '../../inference-protocol/tensors/tensor.js';
import type { Invocation } from '../read-invocation.js';
import { eachSlice, inSteps, type Steps } from '../../http/steps.js';
import { isObject } from '../../http/is-object.js';
import { badFormat } from './columns.js';

/** The shape of nested arrays, taken from the first element of each. */
function shapeOf(data: unknown): number[] {
  const shape: number[] = [];
  for (let level = data; Array.isArray(level); level = level[0] as unknown) shape.push(level.length);
  return shape;
}

/** Turns rows into one array per input; `undefined` if a row is not an object. */
function* byInput(
  rows: readonly unknown[],
  specs: readonly TensorSpec[],
): Steps<Record<string, unknown[]> | undefined> {
  const inputs = new Set(specs.map(({ name }) => name));
  const columns = new Map<string, unknown[]>();
  let isAll = true;
  yield* eachSlice(rows.length, (from, to) => {
    for (let row = from; row < to && isAll; row++) {
      const fields = rows[row];
      isAll = isObject(fields);
      if (!isAll) return;
      for (const [name, value] of Object.entries(fields as object)) {
        let column = columns.get(name);
        if (!column) columns.set(name, (column = []));
        // Earlier rows lack the field. A field that is not an input is refused later by its name.
        while (inputs.has(name) && column.length < row) column.push(undefined);
        column.push(value);
      }
    }
  });
  if (!isAll) return undefined;
  for (const name of inputs) {
    const column = columns.get(name);
    while (column && column.length < rows.length) column.push(undefined);
  }
  return Object.fromEntries(columns);
}

/**
 * Tensors as MLflow's clients write them for a model with a tensor signature: nested arrays by the name of the input,
 * or a single one if the model has one input.
 *
 * @throws Problem `bad-request`
 * @throws InvalidTensorError naming the element that does not fit
 */
export async function toTensors({ field, value }: Invocation, specs: readonly TensorSpec[]): Promise<NamedTensor[]> {
  if (field !== 'inputs' && field !== 'instances') {
    throw badFormat(`${field} is for models of columns; this one takes tensors: send inputs or instances`);
  }
  const isRows = field === 'instances' && Array.isArray(value) && value.length > 0;
  const named = (isRows ? await inSteps(byInput(value, specs)) : undefined) ?? value;
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
