import type { ServedModel } from '#runtime';
import { FeatureOverflowError, taskOf } from '#bundle';
import { keepsLimits, kindOf, type RawColumn } from '#schema';
import { eachSlice, inSteps, type Steps } from '../../http/steps.js';
import { invalidTensor } from '../../problem/invalid-tensor.error.js';
import type { NamedTensor, TensorData, TensorSpec } from '../tensors/tensor.js';
import type { CatalogModel } from './model-catalog.js';

/** Of every class; answered only when it is named. */
const PROBABILITIES = 'probabilities';
const DEFAULT_OUTPUTS = ['prediction', 'probability'];
const VALUES: TensorSpec = { name: 'prediction', datatype: 'FP64', shape: [-1] };

function* readColumn({ data }: NamedTensor, column: RawColumn): Steps<Float64Array> {
  const { name } = column;
  const kind = kindOf(column);
  const limits = kind.limits(column);
  const values = new Float64Array(data.length);
  yield* eachSlice(data.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const value = Number(data[i]);
      const fits = Number.isNaN(value) ? limits.nullable : keepsLimits(limits, value);
      if (typeof data[i] === 'bigint' && BigInt(value) !== data[i]) {
        throw invalidTensor(`data[${i}] of input "${name}"`, 'a number that FP64 holds exactly', String(data[i]));
      }
      if (!fits) {
        throw invalidTensor(
          `data[${i}] of input "${name}"`,
          kind.expectation(column),
          Number.isNaN(value) ? null : value,
        );
      }
      values[i] = value;
    }
  });
  return values;
}

function* readColumns(inputs: readonly NamedTensor[], columns: readonly RawColumn[]): Steps<Float64Array[]> {
  const byName = new Map(inputs.map((input) => [input.name, input]));
  const read: Float64Array[] = [];
  for (const column of columns) read.push(yield* readColumn(byName.get(column.name)!, column));
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

/** Values that a feature cannot hold are the caller's, wherever they are noticed. */
function asInvalidTensor(error: unknown): never {
  if (!(error instanceof FeatureOverflowError)) throw error;
  const [{ row, column, feature, value }] = error.faults;
  throw invalidTensor(`data[${row}] of input "${column}"`, `a number for which ${feature} is a finite float32`, value);
}

/** A model with a feature pipeline: one tensor per raw column. */
export class PipelineModel implements CatalogModel {
  readonly name: string;
  readonly version: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly takesAnyNumbers = true;
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
    const areNumbers = classes.every((label) => typeof label === 'number');
    this.labels = areNumbers ? classes.map(BigInt) : classes.map(String);
    this.isRegression = taskOf(model.manifest) === 'regression';
    if (this.isRegression) this.outputs = [VALUES];
    else
      this.outputs = [
        { name: 'prediction', datatype: areNumbers ? 'INT64' : 'BYTES', shape: [-1] },
        { name: 'probability', datatype: 'FP32', shape: [-1] },
        { name: PROBABILITIES, datatype: 'FP64', shape: [-1, classes.length] },
      ];
  }

  async infer(inputs: readonly NamedTensor[], asked?: readonly string[]): Promise<NamedTensor[]> {
    const outputs = asked ?? (this.isRegression ? [VALUES.name] : DEFAULT_OUTPUTS);
    const columns = await inSteps(readColumns(inputs, this.model.inputs));
    const rows = columns[0].length;
    const { classIndices, probabilities, scores, values } = await this.model
      .predictBatch(columns, rows, outputs.includes(PROBABILITIES))
      .catch(asInvalidTensor);
    if (values) return outputs.map(() => ({ ...VALUES, shape: [rows], data: values }));
    const [label, probability, shares] = this.outputs;
    const tensors: NamedTensor[] = [
      { ...label, shape: [rows], data: await inSteps(labelsOf(classIndices, this.labels)) },
      { ...probability, shape: [rows], data: probabilities },
      ...(scores ? [{ ...shares, shape: [rows, this.labels.length], data: Float64Array.from(scores) }] : []),
    ];
    return outputs.map((name) => tensors.find((tensor) => tensor.name === name)!);
  }
}
