import { request } from 'node:http';
import type { Answer, RunningApi } from './boot.js';

/** Two rows for the default model in the Open Inference Protocol, the answers to them, and functions to send them. */

export const MODEL = '/v2/models/random_forest';
export const INFER = `${MODEL}/infer`;
export const NAMES = ['feature_1', 'feature_2', 'feature_3', 'feature_4', 'feature_5'];

/** Two rows, column by column; the model predicts 1 and 0. */
export const COLUMNS = [
  [0.5, -0.3],
  [1.2, 0.8],
  [-0.3, 0.2],
  [75.5, 45],
  [5, 3],
];
export const datatypeOf = (name: string) => (name === 'feature_5' ? 'INT64' : 'FP64');
export const INPUTS = NAMES.map((name, c) => ({ name, datatype: datatypeOf(name), shape: [2], data: COLUMNS[c] }));
const PROBABILITIES = [1, Math.fround(0.05)];
export const OUTPUTS = [
  { name: 'prediction', datatype: 'INT64', shape: [2], data: [1, 0] },
  { name: 'probability', datatype: 'FP32', shape: [2], data: PROBABILITIES },
];
export const ANSWER = { model_name: 'random_forest', model_version: '1', outputs: OUTPUTS };

export const TENSORS = {
  inputs: NAMES.map((name) => ({ name, datatype: datatypeOf(name), shape: [-1] })),
  outputs: [
    { name: 'prediction', datatype: 'INT64', shape: [-1] },
    { name: 'probability', datatype: 'FP32', shape: [-1] },
    { name: 'probabilities', datatype: 'FP64', shape: [-1, 2] },
    { name: 'prediction_id', datatype: 'BYTES', shape: [-1] },
  ],
};

/** Hand-written little-endian bytes. */
const fp64 = (...values: number[]) => {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => bytes.writeDoubleLE(value, 8 * i));
  return bytes;
};
const int64 = (...values: number[]) => {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => bytes.writeBigInt64LE(BigInt(value), 8 * i));
  return bytes;
};
export const BINARY = COLUMNS.map((column, c) => (NAMES[c] === 'feature_5' ? int64(...column) : fp64(...column)));
export const BINARY_INPUTS = NAMES.map((name) => ({
  name,
  datatype: datatypeOf(name),
  shape: [2],
  parameters: { binary_data_size: 16 },
}));
export const BINARY_OUTPUTS = [int64(1, 0), Buffer.from('0000803fcdcc4c3d', 'hex')];

export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string | undefined>;
  readonly bytes: Buffer;
}

/** Sends as Triton's client does: without a Content-Type, and without decompressing the answer. */
export const send = (
  api: RunningApi,
  path: string,
  body: Buffer,
  headers: Record<string, string | number> = {},
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const call = request(api.url + path, { method: 'POST', headers: { ...headers, 'Content-Length': body.length } });
    call.once('error', reject).once('response', (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .once('end', () => {
          const answer = { status: response.statusCode!, headers: response.headers as RawAnswer['headers'] };
          resolve({ ...answer, bytes: Buffer.concat(chunks) });
        });
    });
    call.end(body);
  });
export const sendParts = (api: RunningApi, json: object, binary: Buffer[], headers = {}): Promise<RawAnswer> => {
  const head = Buffer.from(JSON.stringify(json));
  return send(api, INFER, Buffer.concat([head, ...binary]), {
    'Inference-Header-Content-Length': head.length,
    ...headers,
  });
};
export const infer = (api: RunningApi, body: unknown, path = INFER): Promise<Answer> => api.post(path, body);

/** Status, type and text of the answer to a GET. */
export async function get(api: RunningApi, path: string): Promise<[number, string | null, string]> {
  const { status, headers, text } = await api.ask(path);
  return [status, headers.get('content-type'), text];
}

export const ok = (body: unknown) => [200, 'application/json; charset=utf-8', JSON.stringify(body)];
export const error = (status: number, message: string) => [
  status,
  'application/json; charset=utf-8',
  JSON.stringify({ error: message }),
];
