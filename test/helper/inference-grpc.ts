/** Two rows for the default model as messages of gRPC. */

export const NAMES = ['feature_1', 'feature_2', 'feature_3', 'feature_4', 'feature_5'];
/** Two rows, column by column; the model predicts 1 and 0. */
export const COLUMNS = [
  [0.5, -0.3],
  [1.2, 0.8],
  [-0.3, 0.2],
  [75.5, 45],
  [5, 3],
];
const isInteger = (name: string) => name === 'feature_5';
export const datatypeOf = (name: string) => (isInteger(name) ? 'INT64' : 'FP64');
export const head = (name: string, rows = 2) => ({ name, datatype: datatypeOf(name), shape: [rows] });
const contents = (name: string, values: number[]) =>
  isInteger(name) ? { int64_contents: values } : { fp64_contents: values };
export const INPUTS = NAMES.map((name, c) => ({ ...head(name), contents: contents(name, COLUMNS[c]) }));

/** Hand-written little-endian bytes. */
export const raw = (name: string, values: number[]) => {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => {
    if (isInteger(name)) bytes.writeBigInt64LE(BigInt(value), 8 * i);
    else bytes.writeDoubleLE(value, 8 * i);
  });
  return bytes;
};
export const RAW = {
  inputs: NAMES.map((name) => head(name)),
  raw_input_contents: NAMES.map((name, c) => raw(name, COLUMNS[c])),
};

export const MODEL = { model_name: 'random_forest' };
