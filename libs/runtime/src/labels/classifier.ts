import type { Label } from '#onnx';
import { argmax } from '#statistics';
import type { Datatype, NamedTensor, TensorData, TensorSpec } from '../tensor.js';

/** Largest difference of two probabilities that count as equal: ONNX Runtime sums in float32. */
const TIE = 1e-6;
/** Largest deviation from 1 of the sum of a row's probabilities. */
const SUM_TOLERANCE = 1e-3;

const LABEL_TYPES: readonly Datatype[] = ['INT64', 'INT32', 'BYTES'];
const SCORE_TYPES: readonly Datatype[] = ['FP32', 'FP64'];

/** The labels of rows, determined in two ways. On ties of the probabilities both are the model's own. */
export interface RowLabels {
  /** From the model's label output. */
  readonly own: readonly string[];
  /** From the largest probability. */
  readonly largest: readonly string[];
}

/** A vector, or a matrix of one column. */
const isVector = ({ shape }: TensorSpec): boolean => shape.length === 1 || (shape.length === 2 && shape[1] === 1);

/** The only output, or the only one whose name matches. */
function onlyOne(specs: readonly TensorSpec[], name: RegExp): TensorSpec | undefined {
  if (specs.length === 1) return specs[0];
  const named = specs.filter((spec) => name.test(spec.name));
  return named.length === 1 ? named[0] : undefined;
}

/** A tensor model with a label output and a probability output. */
export class Classifier {
  private constructor(
    readonly label: TensorSpec,
    readonly probabilities: TensorSpec,
    /** Thresholds of its trees, by feature. */
    readonly splits: ReadonlyMap<number, readonly number[]>,
    private readonly labels: readonly Label[] | undefined,
  ) {}

  /**
   * Finds the label and probability outputs of a model, and the labels of the classes in its graph.
   *
   * @returns `undefined` where the model has no such outputs, or its graph does not contain the labels
   */
  static async find(model: Uint8Array, outputs: readonly TensorSpec[]): Promise<Classifier | undefined> {
    const labels = outputs.filter((spec) => LABEL_TYPES.includes(spec.datatype) && isVector(spec));
    const scores = outputs.filter(
      ({ datatype, shape }) => SCORE_TYPES.includes(datatype) && shape.length === 2 && shape[1] !== 1,
    );
    const label = onlyOne(labels, /label|class|predict/i);
    const probabilities = onlyOne(scores, /prob/i);
    if (!label || !probabilities) return undefined;
    // Imported on demand, because other models need no graph and the ONNX schema is slow to load.
    const { graphLabels, parseModel, splitPoints } = await import('#onnx');
    const { graph } = parseModel(model);
    const found = graph && graphLabels(graph, label.name);
    return found && new Classifier(label, probabilities, splitPoints(graph), found.labels);
  }

  /**
   * @returns both kinds of labels; `undefined` where the scores are not probabilities, one for each class
   */
  compare(label: NamedTensor, probabilities: NamedTensor): RowLabels | undefined {
    const [rows, width] = probabilities.shape;
    const labels = this.labelsOf(width);
    const scores = probabilities.data as Float32Array | Float64Array;
    if (labels.length !== width || width < 2 || label.data.length !== rows) return undefined;
    const own = Array.from(label.data as ArrayLike<bigint | number | string>, String);
    const largest = own.slice();
    for (let row = 0; row < rows; row++) {
      const shares = scores.subarray(row * width, (row + 1) * width);
      let sum = 0;
      for (const share of shares) sum += share;
      if (Number.isNaN(sum)) continue;
      if (Math.abs(sum - 1) > SUM_TOLERANCE || shares.some((share) => share < -TIE)) return undefined;
      const best = argmax(shares, 0, width);
      const given = labels.indexOf(own[row]);
      if (given === -1 || shares[best] - shares[given] > TIE) largest[row] = labels[best];
    }
    return { own, largest };
  }

  /**
   * Computes the label output from the largest probability of each row, the first of equal ones.
   *
   * @returns the tensor, or the index of the first row with NaN probabilities
   */
  labelOf({ data, shape: [rows, width] }: NamedTensor): NamedTensor | number {
    const scores = data as Float32Array | Float64Array;
    const labels = this.labelsOf(width);
    const winners = new Uint16Array(rows);
    for (let row = 0; row < rows; row++) {
      if (scores.subarray(row * width, (row + 1) * width).some(Number.isNaN)) return row;
      winners[row] = argmax(scores, row * width, width);
    }
    const { name, datatype, shape } = this.label;
    return {
      name,
      datatype,
      shape: shape.length === 1 ? [rows] : [rows, 1],
      data: asLabels(winners, labels, datatype),
    };
  }

  private labelsOf(width: number): readonly string[] {
    return this.labels?.map(String) ?? Array.from({ length: width }, (_, c) => String(c));
  }
}

function asLabels(winners: Uint16Array, labels: readonly string[], datatype: Datatype): TensorData {
  if (datatype === 'BYTES') return Array.from(winners, (winner) => labels[winner]);
  if (datatype === 'INT32') return Int32Array.from(winners, (winner) => Number(labels[winner]));
  return BigInt64Array.from(winners, (winner) => BigInt(labels[winner]));
}

/** Indices of the rows whose two labels differ. */
export const differingRows = ({ own, largest }: RowLabels): number[] =>
  own.flatMap((label, row) => (label === largest[row] ? [] : [row]));
