import { ELEMENT, type ScannedNode, type ScannedTensor } from '#onnx';
import { roundTo, type Values } from './columns.js';
import { Unsupported } from './unsupported.js';

/** Computes some rows of a value. */
export type TailStep = (rows: number) => void;

/** A value, and what computes it of those it is made of. */
export interface Made {
  readonly values: Values;
  readonly step?: TailStep;
}

/** What an operator is given: values that rows have, or constants. */
export type Operand =
  | { readonly values: Values; readonly constant?: undefined }
  | { readonly values?: undefined; readonly constant: ScannedTensor };

type Operator = (node: ScannedNode, operands: readonly Operand[], rows: number) => Made;

const TYPES: Readonly<Record<number, Values['type']>> = {
  [ELEMENT.float]: 'float32',
  [ELEMENT.double]: 'float64',
  [ELEMENT.int64]: 'whole',
  [ELEMENT.int32]: 'whole',
};

const numberOf = ({ attributes }: ScannedNode, name: string, absent: number): number =>
  attributes.get(name)?.number ?? absent;

function valuesOf(operand: Operand | undefined): Values {
  if (!operand || operand.constant) throw new Unsupported('it takes only constants');
  if (operand.values.labels) throw new Unsupported('it computes with labels');
  return operand.values;
}

const allocate = (like: Pick<Values, 'type' | 'width' | 'isFlat'>, rows: number): Values => ({
  type: like.type,
  width: like.width,
  isFlat: like.isFlat,
  data: new Float64Array(rows * like.width),
});

/** The same numbers under another name, type or shape. */
const renamed = (values: Values): Made => ({ values });

/** One number from one, each for itself. */
const each =
  (compute: (x: number) => number): Operator =>
  (_, [operand], rows) => {
    const from = valuesOf(operand);
    const values = allocate(from, rows);
    const round = roundTo(from.type);
    return {
      values,
      step: (count) => {
        for (let i = 0; i < count * from.width; i++) values.data[i] = round(compute(from.data[i]));
      },
    };
  };

/** One number from two; a constant may be one number, or one a column. */
const pairs =
  (compute: (a: number, b: number) => number): Operator =>
  (_, operands, rows) => {
    if (operands.length !== 2) throw new Unsupported('it does not take two values');
    const known = operands.map(({ values }) => values).filter((values) => values !== undefined);
    const widest = known.reduce((a, b) => (b.width > a.width ? b : a));
    const isFlat = known.every((values) => values.isFlat);
    const sides = operands.map((operand) => sideOf(operand, widest.width, isFlat));
    const values = allocate({ ...widest, isFlat }, rows);
    const round = roundTo(values.type);
    const [a, b] = sides;
    return {
      values,
      step: (count) => {
        for (let row = 0, at = 0; row < count; row++) {
          for (let c = 0; c < values.width; c++, at++) {
            const left = a.data[row * a.perRow + c * a.perColumn];
            values.data[at] = round(compute(left, b.data[row * b.perRow + c * b.perColumn]));
          }
        }
      },
    };
  };

function sideOf(
  operand: Operand,
  width: number,
  isFlat: boolean,
): { data: Float64Array; perRow: number; perColumn: number } {
  if (operand.constant) {
    const { numbers, dims } = operand.constant;
    const isRow = dims.length <= 1 || (dims.length === 2 && dims[0] === 1);
    if (!numbers || !isRow || (numbers.length !== 1 && (numbers.length !== width || isFlat))) {
      throw new Unsupported('its constant is neither one number nor one for each column');
    }
    return { data: new Float64Array(numbers), perRow: 0, perColumn: numbers.length === 1 ? 0 : 1 };
  }
  const values = valuesOf(operand);
  if (values.isFlat !== isFlat || (values.width !== width && values.width !== 1)) {
    throw new Unsupported('its values have shapes that do not fit each other');
  }
  return { data: values.data, perRow: values.width, perColumn: values.width === 1 ? 0 : 1 };
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

const softmax: Operator = (node, [operand], rows) => {
  const from = valuesOf(operand);
  const axis = numberOf(node, 'axis', -1);
  if (from.isFlat || (axis !== 1 && axis !== -1)) throw new Unsupported('it is not over the classes');
  const values = allocate(from, rows);
  const round = roundTo(from.type);
  const { width } = from;
  return {
    values,
    step: (count) => {
      for (let at = 0; at < count * width; at += width) {
        let largest = -Infinity;
        for (let c = 0; c < width; c++) largest = Math.max(largest, from.data[at + c]);
        let sum = 0;
        for (let c = 0; c < width; c++) sum += values.data[at + c] = Math.exp(from.data[at + c] - largest);
        for (let c = 0; c < width; c++) values.data[at + c] = round(values.data[at + c] / sum);
      }
    },
  };
};

const concat: Operator = (node, operands, rows) => {
  const parts = operands.map(valuesOf);
  const axis = numberOf(node, 'axis', 1);
  if ((axis !== 1 && axis !== -1) || parts.some(({ isFlat }) => isFlat))
    throw new Unsupported('it does not join columns');
  const values = allocate({ ...parts[0], width: parts.reduce((sum, { width }) => sum + width, 0) }, rows);
  return {
    values,
    step: (count) => {
      for (let row = 0, at = 0; row < count; row++) {
        for (const { data, width } of parts) for (let c = 0; c < width; c++) values.data[at++] = data[row * width + c];
      }
    },
  };
};

/** The first of the largest. */
const argMax: Operator = (node, [operand], rows) => {
  const from = valuesOf(operand);
  const axis = numberOf(node, 'axis', 0);
  if (from.isFlat || (axis !== 1 && axis !== -1) || numberOf(node, 'select_last_index', 0) !== 0) {
    throw new Unsupported('it is not over the classes');
  }
  const values = allocate({ type: 'whole', width: 1, isFlat: numberOf(node, 'keepdims', 1) === 0 }, rows);
  const { width } = from;
  return {
    values,
    step: (count) => {
      for (let row = 0; row < count; row++) {
        let best = 0;
        for (let c = 1; c < width; c++) if (from.data[row * width + c] > from.data[row * width + best]) best = c;
        values.data[row] = best;
      }
    },
  };
};

/** Labels by their place: of `Gather` in the shape of the places, of `ArrayFeatureExtractor` as one row of them. */
const lookUp: Operator = (_, [labels, places]) => {
  const values = valuesOf(places);
  const { texts, numbers } = labels?.constant ?? {};
  if ((!texts && !numbers) || values.type !== 'whole' || values.width !== 1) {
    throw new Unsupported('it looks labels up in what is not a list');
  }
  return renamed({ ...values, labels: texts ?? [...numbers!] });
};

const reshape: Operator = (_, [operand, shape]) => {
  if (!operand || operand.constant) throw new Unsupported('it takes only a constant');
  const { values } = operand;
  const dims = [...(shape?.constant?.numbers ?? [])];
  if (dims.length === 1 && dims[0] === -1 && values.width === 1) return renamed({ ...values, isFlat: true });
  if (
    dims.length === 2 &&
    (dims[1] === values.width || (dims[1] === -1 && dims[0] === 0) || (dims[1] === 1 && values.width === 1))
  ) {
    return renamed({ ...values, isFlat: false });
  }
  throw new Unsupported('it does not keep rows as rows');
};

const castTo: Operator = (node, [operand], rows) => {
  if (!operand || operand.constant) throw new Unsupported('it takes only a constant');
  const from = operand.values;
  const type = TYPES[numberOf(node, 'to', 0)];
  if (from.labels && type === 'whole' && typeof from.labels[0] === 'number') return renamed(from);
  if (!type || from.labels) throw new Unsupported('it casts to a type that is no number');
  if (type === from.type || (type === 'float64' && from.type === 'float32')) return renamed({ ...from, type });
  const values = allocate({ ...from, type }, rows);
  const round = type === 'whole' ? Math.trunc : roundTo(type);
  return {
    values,
    step: (count) => {
      for (let i = 0; i < count * from.width; i++) values.data[i] = round(from.data[i]);
    },
  };
};

const shaped: Operator = (node, [operand]) => {
  if (!operand || operand.constant) throw new Unsupported('it takes only a constant');
  const { values } = operand;
  if (node.op === 'Identity' || (node.op === 'Flatten' && !values.isFlat)) return renamed(values);
  if (node.op === 'Squeeze' && values.width === 1) return renamed({ ...values, isFlat: true });
  if (node.op === 'Unsqueeze' && values.isFlat) return renamed({ ...values, isFlat: false });
  throw new Unsupported('it does not keep rows as rows');
};

/** What may stand behind trees; each rounds to the type of its numbers, as the operators do. */
export const TAIL_OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['Add', pairs((a, b) => a + b)],
  ['Sub', pairs((a, b) => a - b)],
  ['Mul', pairs((a, b) => a * b)],
  ['Div', pairs((a, b) => a / b)],
  ['Neg', each((x) => -x)],
  ['Exp', each(Math.exp)],
  ['Sigmoid', each(logistic)],
  ['Softmax', softmax],
  ['Concat', concat],
  ['ArgMax', argMax],
  ['Gather', lookUp],
  ['ArrayFeatureExtractor', lookUp],
  ['Reshape', reshape],
  ['Cast', castTo],
  ['Identity', shaped],
  ['Flatten', shaped],
  ['Squeeze', shaped],
  ['Unsqueeze', shaped],
]);
