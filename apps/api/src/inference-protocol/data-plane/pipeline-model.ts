import { FeatureOverflowError, type ServedModel } from '#registry';
import type { RawColumn } from '#features';
import { expectation } from '../../prediction/dto/predict.dto.js';
import { invalidTensor } from '../tensors/invalid-tensor.error.js';
import type { NamedTensor, TensorSpec } from '../tensors/tensor.js';
import type { TensorModel } from './model-catalog.js';

function readColumn({ data }: NamedTensor, column: RawColumn): Float64Array {
  const { name, minimum = -Infinity, maximum = Infinity, nullable } = column;
  return Float64Array.from(data as ArrayLike<number | bigint>, (element, i) => {
    const value = Number(element);
    const fits = Number.isNaN(value) ? nullable : Number.isFinite(value) && value >= minimum && value <= maximum;
    if (!fits)
      throw invalidTensor(`data[${i}] of input "${name}"`, expectation(column), Number.isNaN(value) ? null : value);
    return value;
  });
}

/** Values that a feature cannot hold are the caller's, wherever they are noticed. */
function asInvalidTensor(error: unknown): never {
  if (!(error instanceof FeatureOverflowError)) throw error;
  const [{ row, column, feature, value }] = error.faults;
  throw invalidTensor(`data[${row}] of input "${column}"`, `a number for which ${feature} is a finite float32`, value);
}

/** A model with a feature pipeline: one tensor per raw column. */
export class PipelineModel implements TensorModel {
  readonly name: string;
  readonly version: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];

  constructor(private readonly model: ServedModel) {
    const { name, version, classes } = model.manifest;
    this.name = name;
    this.version = version;
    this.inputs = model.inputs.map((column) => ({
      name: column.name,
      datatype: column.type === 'integer' ? 'INT64' : 'FP64',
      shape: [-1],
    }));
    const label = classes.every((label) => typeof label === 'number') ? 'INT64' : 'BYTES';
    this.outputs = [
      { name: 'prediction', datatype: label, shape: [-1] },
      { name: 'probability', datatype: 'FP32', shape: [-1] },
    ];
  }

  async infer(inputs: readonly NamedTensor[], outputs = this.outputs.map(({ name }) => name)): Promise<NamedTensor[]> {
    const byName = new Map(inputs.map((input) => [input.name, input]));
    const columns = this.model.inputs.map((column) => readColumn(byName.get(column.name)!, column));
    const rows = columns[0].length;
    const { labels, classIndices, probabilities } = await this.model.predictBatch(columns, rows).catch(asInvalidTensor);
    const answer = Array.from(classIndices, (index) => labels[index]);
    const [label, probability] = this.outputs;
    const tensors: NamedTensor[] = [
      {
        ...label,
        shape: [rows],
        data: label.datatype === 'BYTES' ? answer.map(String) : BigInt64Array.from(answer as number[], BigInt),
      },
      { ...probability, shape: [rows], data: probabilities },
    ];
    return outputs.map((name) => tensors.find((tensor) => tensor.name === name)!);
  }
}
