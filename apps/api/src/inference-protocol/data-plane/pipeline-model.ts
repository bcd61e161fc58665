import { idText, type ServedModel } from '#runtime';
import { FeatureOverflowError, taskOf } from '#bundle';
import { type CellValue, type ColumnReader, kindOf, type RawColumn } from '#schema';
import { eachSlice, inSteps, type Steps } from '../../http/steps.js';
import { EXTERNAL_ID } from '../../prediction/external-id.js';
import { invalidTensor } from '../../problem/invalid-tensor.error.js';
import { isNumeric } from '../tensors/convert-tensor.js';
import type { Datatype, NamedTensor, TensorData, TensorSpec } from '../tensors/tensor.js';
import type { CatalogModel } from './model-catalog.js';

/** Probabilities of every class; answered only when requested by name. */
const IDS: TensorSpec = { name: 'prediction_id', datatype: 'BYTES', shape: [-1] };
const PROBABILITIES = 'probabilities';
const DEFAULT_OUTPUTS = ['prediction', 'probability'];
const VALUES: TensorSpec = { name: 'prediction', datatype: 'FP64', shape: [-1] };

/**
 * An element as a JSON value, null for NaN.
 * @throws InvalidTensorError at an integer that FP64 cannot represent
 */
function valueOf(element: number | bigint | string | null, isFlag: boolean, where: string): CellValue {
  if (typeof element === 'string' || element === null) return element;
  const value = Number(element);
  if (typeof element === 'bigint' && BigInt(value) !== element) {
    throw invalidTensor(where, 'a number that FP64 holds exactly', String(element));
  }
  if (Number.isNaN(value)) return null;
  return isFlag && (value === 0 || value === 1) ? value === 1 : value;
}

function* readColumn({ data }: NamedTensor, { name, type }: RawColumn, reader: ColumnReader): Steps<Float64Array> {
  const numbers = new Float64Array(data.length);
  const isFlag = type === 'boolean';
  yield* eachSlice(data.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const value = valueOf(data[i], isFlag, `data[${i}] of input "${name}"`);
      const number = reader.fromJson(value);
      if (number === undefined) throw invalidTensor(`data[${i}] of input "${name}"`, reader.expected, value);
      numbers[i] = number;
    }
  });
  return numbers;
}

function* readColumns(inputs: readonly NamedTensor[], model: ServedModel): Steps<Float64Array[]> {
  const byName = new Map(inputs.map((input) => [input.name, input]));
  const read: Float64Array[] = [];
  for (const [c, column] of model.inputs.entries()) {
    read.push(yield* readColumn(byName.get(column.name)!, column, model.readers[c]));
  }
  return read;
}

/** The label of each row. */
function* labelsOf(classIndices: Uint16Array, labels: readonly string[] | readonly bigint[]): Steps<TensorData> {
  const count = classIndices.length;
  const answer = typeof labels[0] === 'string' ? new Array<string>(count) : new BigInt64Array(count);
  yield* eachSlice(count, (from, to) => {
    for (let row = from; row < to; row++) (answer as unknown[])[row] = labels[classIndices[row]];
  });
  return answer;
}

/** Feature overflow is the caller's fault, wherever it is detected. */
function asInvalidTensor(error: unknown): never {
  if (!(error instanceof FeatureOverflowError)) throw error;
  const [{ row, column, feature, value }] = error.faults;
  throw invalidTensor(`data[${row}] of input "${column}"`, `a number for which ${feature} fits in float32`, value);
}

/** A model with a feature pipeline: one tensor per raw column. */
export class PipelineModel implements CatalogModel {
  readonly name: string;
  readonly version: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly takesExternalIds: boolean;
  private readonly isRegression: boolean;
  private readonly labels: readonly string[] | readonly bigint[];

  constructor(private readonly model: ServedModel) {
    const { name, version, classes } = model.manifest;
    this.name = name;
    this.version = version;
    this.inputs = model.inputs.map((column) => ({
      name: column.name,
      datatype: kindOf(column).datatype,
      shape: [-1],
    }));
    this.takesExternalIds = model.inputs.every((column) => column.name !== EXTERNAL_ID);
    const areNumbers = classes.every((label) => typeof label === 'number');
    this.labels = areNumbers ? classes.map(BigInt) : classes.map(String);
    this.isRegression = taskOf(model.manifest) === 'regression';
    if (this.isRegression) this.outputs = [VALUES, IDS];
    else
      this.outputs = [
        { name: 'prediction', datatype: areNumbers ? 'INT64' : 'BYTES', shape: [-1] },
        { name: 'probability', datatype: 'FP32', shape: [-1] },
        { name: PROBABILITIES, datatype: 'FP64', shape: [-1, classes.length] },
        IDS,
      ];
  }

  /**
   * Numeric columns accept any numeric datatype. A category of numbers accepts texts too, and booleans with missing
   * values are FP64.
   */
  reads(input: string, datatype: Datatype): boolean {
    const column = this.model.inputs.find(({ name }) => name === input)!;
    const { datatype: own } = kindOf(column);
    if (datatype === own) return true;
    if (own === 'BOOL') return datatype === 'FP64';
    return isNumeric(datatype) && (isNumeric(own) || (column.type === 'category' && column.codes === 'number'));
  }

  async infer(
    inputs: readonly NamedTensor[],
    asked?: readonly string[],
    externalIds?: readonly (string | undefined)[],
  ): Promise<NamedTensor[]> {
    const outputs = asked ?? (this.isRegression ? [VALUES.name] : DEFAULT_OUTPUTS);
    const columns = await inSteps(readColumns(inputs, this.model));
    const rows = columns[0].length;
    const { ids, classIndices, probabilities, scores, values } = await this.model
      .predictBatch(columns, rows, { withScores: outputs.includes(PROBABILITIES), externalIds })
      .catch(asInvalidTensor);
    const [label, probability, shares] = this.outputs;
    const idTensors: NamedTensor[] = outputs.includes(IDS.name)
      ? [{ ...IDS, shape: [rows], data: Array.from({ length: rows }, (_, row) => idText(ids, row)) }]
      : [];
    if (values) {
      const tensors = [...idTensors, { ...VALUES, shape: [rows], data: values }];
      return outputs.map((name) => tensors.find((tensor) => tensor.name === name)!);
    }
    const tensors: NamedTensor[] = [
      ...idTensors,
      { ...label, shape: [rows], data: await inSteps(labelsOf(classIndices, this.labels)) },
      { ...probability, shape: [rows], data: probabilities },
      ...(scores ? [{ ...shares, shape: [rows, this.labels.length], data: Float64Array.from(scores) }] : []),
    ];
    return outputs.map((name) => tensors.find((tensor) => tensor.name === name)!);
  }
}
