import { createRequire } from 'node:module';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type * as OnnxRuntime from 'onnxruntime-node';
import type { Datatype, NamedTensor, TensorData, TensorSpec } from './tensor.js';

export type { InferenceSession, Tensor };

export const { version: RUNTIME_VERSION } = createRequire(import.meta.url)('onnxruntime-node/package.json') as {
  readonly version: string;
};

/** Loaded by the first session, because its library takes 30 MiB, and a server whose models are all kernels needs none. */
let runtime: typeof OnnxRuntime;

/** ONNX Runtime's names of the element types. 16-bit floats and complex numbers have no JSON representation. */
const DATATYPES: Readonly<Partial<Record<Tensor.Type, Datatype>>> = {
  bool: 'BOOL',
  uint8: 'UINT8',
  uint16: 'UINT16',
  uint32: 'UINT32',
  uint64: 'UINT64',
  int8: 'INT8',
  int16: 'INT16',
  int32: 'INT32',
  int64: 'INT64',
  float32: 'FP32',
  float64: 'FP64',
  string: 'BYTES',
};

const TYPES = Object.fromEntries(Object.entries(DATATYPES).map(([type, datatype]) => [datatype, type])) as Readonly<
  Record<Datatype, Tensor.Type>
>;

/**
 * Opens a model. This file is the only one that imports ONNX Runtime.
 *
 * @param threads intra-op threads; more than one pays off only for large runs. They do not spin between runs, because
 *   they share the cores with event loops
 * @throws Error when the bytes are not an ONNX model, or this machine lacks something that it needs
 */
export async function openSession(model: Uint8Array, threads: number): Promise<InferenceSession> {
  try {
    return await create(model, threads);
  } catch (error) {
    const locale = LACKING_LOCALE.exec((error as Error).message)?.[1];
    if (locale === undefined) throw error;
    // Imported on demand: few models need a locale, and most machines have it.
    const { withCommonLocale } = await import('#onnx');
    const changed = withCommonLocale(model);
    if (changed) return create(changed, threads);
    throw new Error(
      `needs the locale ${locale}, which this machine lacks: install it, or export with locale="C.UTF-8"`,
      {
        cause: error,
      },
    );
  }
}

/** ONNX Runtime's error where StringNormalizer names a locale that is not installed. */
const LACKING_LOCALE = /Failed to construct locale with name:\s*([\w.@-]+?)(?=:|\s|$)/;

async function create(model: Uint8Array, threads: number): Promise<InferenceSession> {
  // ONNX Runtime sends usage data unless this is set before it is loaded.
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
  runtime ??= await import('onnxruntime-node');
  return runtime.InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
}

/**
 * Describes an input or output of a session.
 *
 * @throws Error when it is not a tensor, or of a type that no supported protocol can carry
 */
export function specOf(metadata: InferenceSession.ValueMetadata): TensorSpec {
  const { name } = metadata;
  if (!metadata.isTensor) {
    throw new Error(
      `"${name}" is no tensor but a sequence or a map, as skl2onnx's ZipMap makes: export with options={"zipmap": False}`,
    );
  }
  const datatype = DATATYPES[metadata.type];
  if (!datatype) throw new Error(`"${name}" is of type ${metadata.type}: export with float32 instead`);
  return { name, datatype, shape: metadata.shape.map((size) => (typeof size === 'number' ? size : -1)) };
}

/** The names of an input's dimensions; dimensions of the same name have equal sizes. An empty name means none. */
export const dimensionsOf = (metadata: InferenceSession.ValueMetadata): string[] =>
  metadata.isTensor ? metadata.shape.map((size) => (typeof size === 'string' ? size : '')) : [];

/** Creates a tensor for a session, which has loaded ONNX Runtime. */
export const createTensor = (type: Tensor.Type, data: TensorData, shape: readonly number[]): Tensor =>
  new runtime.Tensor(type, data, shape);

export const toRuntime = ({ datatype, data, shape }: NamedTensor): Tensor => createTensor(TYPES[datatype], data, shape);

export const fromRuntime = (name: string, { type, data, dims }: Tensor): NamedTensor => ({
  name,
  datatype: DATATYPES[type]!,
  shape: dims,
  data: data,
});
