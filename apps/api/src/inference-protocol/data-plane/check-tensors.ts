import { type Steps } from '../../http/steps.js';
import { convertTensor, isConvertible, isNumeric } from '../tensors/convert-tensor.js';
import { InvalidTensorError, invalidTensor } from '../../problem/invalid-tensor.error.js';
import type { NamedTensor, TensorSpec } from '../tensors/tensor.js';
import type { CatalogModel } from './model-catalog.js';

const namesOf = (specs: readonly TensorSpec[]): string => specs.map(({ name }) => name).join(', ');

const shown = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/** A column may have the shape [n, 1] although the model expects [n]: MLServer's pandas codec sends it so. */
function asColumn(input: NamedTensor, spec: TensorSpec): NamedTensor {
  const { shape } = input;
  return spec.shape.length === 1 && shape.length === 2 && shape[1] === 1 ? { ...input, shape: [shape[0]] } : input;
}

function checkInput({ name, datatype, shape, data }: NamedTensor, spec: TensorSpec, model: CatalogModel): void {
  const isRead = model.reads?.(name, datatype) ?? isConvertible(datatype, spec.datatype);
  if (datatype !== spec.datatype && !isRead) {
    const gaps = datatype === 'FP64' ? ' (which whole numbers are where some are null)' : '';
    throw new InvalidTensorError(
      `The datatype of input "${name}" must be ${spec.datatype}; received ${datatype}${isNumeric(spec.datatype) ? gaps : ''}`,
    );
  }
  if (datatype === 'BYTES' && !model.reads) {
    const gap = (data as readonly (string | null)[]).indexOf(null);
    if (gap >= 0) throw invalidTensor(`data[${gap}] of input "${name}"`, 'a string', null);
  }
  if (model.unranked?.has(name)) return;
  const fits = shape.length === spec.shape.length && spec.shape.every((size, i) => size === -1 || size === shape[i]);
  if (!fits) {
    const any = spec.shape.includes(-1) ? ' (-1: any size)' : '';
    throw new InvalidTensorError(
      `The shape of input "${name}" must be ${shown(spec.shape)}${any}; received ${shown(shape)}`,
    );
  }
}

/**
 * Dimensions with the same name must have the same length. If the first dimension of every input is variable, the
 * unnamed ones are the rows of a request.
 */
function checkDimensions(inputs: readonly NamedTensor[], model: CatalogModel): void {
  const areRows = model.inputs.every(({ shape }) => shape[0] === -1);
  const known = new Map<string, NamedTensor & { readonly axis: number }>();
  for (const input of inputs) {
    const names = model.dimensions?.get(input.name) ?? [''];
    names.forEach((name, axis) => {
      if (!name && !(areRows && axis === 0)) return;
      const first = known.get(name);
      if (!first) known.set(name, { ...input, axis });
      else if (first.shape[first.axis] !== input.shape[axis]) throw unequal(input, axis, first, name);
    });
  }
}

function unequal(
  { name, shape }: NamedTensor,
  axis: number,
  first: NamedTensor & { readonly axis: number },
  dimension: string,
): InvalidTensorError {
  const due = first.shape[first.axis];
  return new InvalidTensorError(
    axis === 0 && first.axis === 0
      ? `Input "${name}" must have as many rows as "${first.name}", ${due}; received ${shape[0]}`
      : `Dimension ${axis} of input "${name}" must be ${due}, as "${dimension}" is in "${first.name}"; received ${shape[axis]}`,
  );
}

/**
 * Checks that each input of the model occurs once, as its metadata says, and nothing else does.
 *
 * @returns the inputs as the model expects them
 * @throws InvalidTensorError naming the first wrong tensor
 */
export function checkInputs(inputs: readonly NamedTensor[], model: CatalogModel): NamedTensor[] {
  const specs = new Map(model.inputs.map((spec) => [spec.name, spec]));
  const checked = inputs.map((input) => {
    const spec = specs.get(input.name);
    if (!spec) {
      const twice = model.inputs.some(({ name }) => name === input.name);
      throw new InvalidTensorError(
        twice
          ? `Input "${input.name}" must be given only once; received it twice`
          : `Model "${model.name}" has no input "${input.name}"; its inputs are ${namesOf(model.inputs)}`,
      );
    }
    specs.delete(input.name);
    const column = asColumn(input, spec);
    checkInput(column, spec, model);
    return column;
  });
  if (specs.size > 0) {
    throw new InvalidTensorError(
      `Model "${model.name}" needs the inputs ${namesOf(model.inputs)}; missing: ${[...specs.keys()].join(', ')}`,
    );
  }
  checkDimensions(checked, model);
  return checked;
}

/**
 * The inputs in the datatypes of the model. @throws InvalidTensorError naming the first number that would not be
 * preserved
 */
export function* convertInputs(inputs: readonly NamedTensor[], model: CatalogModel): Steps<readonly NamedTensor[]> {
  const specs = new Map(model.inputs.map((spec) => [spec.name, spec]));
  const converted: NamedTensor[] = [];
  for (const input of inputs) converted.push(yield* convertTensor(input, specs.get(input.name)!));
  return converted;
}

/** @throws InvalidTensorError naming the first requested output that the model does not have */
export function checkOutputs(outputs: readonly string[], model: CatalogModel): void {
  const unknown = outputs.find((output) => !model.outputs.some(({ name }) => name === output));
  if (unknown !== undefined) {
    throw new InvalidTensorError(
      `Model "${model.name}" has no output "${unknown}"; its outputs are ${namesOf(model.outputs)}`,
    );
  }
}
