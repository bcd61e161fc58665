import type { Datatype } from './tensor.js';

/** How the elements of a datatype are stored. */
interface ElementKind {
  /** Size of one element in binary form; `BYTES` has no fixed size. */
  readonly bytes: number;
  readonly array:
    | typeof Uint8Array
    | typeof Int8Array
    | typeof Uint16Array
    | typeof Int16Array
    | typeof Uint32Array
    | typeof Int32Array
    | typeof BigUint64Array
    | typeof BigInt64Array
    | typeof Float32Array
    | typeof Float64Array;
  /** Smallest and largest integer; absent if the elements are not integers. */
  readonly range?: readonly [minimum: number, maximum: number];
}

type FixedDatatype = Exclude<Datatype, 'BYTES'>;

/** Datatypes of fixed size, by the protocol's names. In JSON, 64-bit integers are exact only up to 2^53. */
export const FIXED_DATATYPES: Readonly<Record<FixedDatatype, ElementKind>> = {
  BOOL: { bytes: 1, array: Uint8Array },
  UINT8: { bytes: 1, array: Uint8Array, range: [0, 255] },
  UINT16: { bytes: 2, array: Uint16Array, range: [0, 65_535] },
  UINT32: { bytes: 4, array: Uint32Array, range: [0, 4_294_967_295] },
  UINT64: { bytes: 8, array: BigUint64Array, range: [0, Number.MAX_SAFE_INTEGER] },
  INT8: { bytes: 1, array: Int8Array, range: [-128, 127] },
  INT16: { bytes: 2, array: Int16Array, range: [-32_768, 32_767] },
  INT32: { bytes: 4, array: Int32Array, range: [-2_147_483_648, 2_147_483_647] },
  INT64: { bytes: 8, array: BigInt64Array, range: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] },
  FP32: { bytes: 4, array: Float32Array },
  FP64: { bytes: 8, array: Float64Array },
};

export const DATATYPE_NAMES = [...Object.keys(FIXED_DATATYPES), 'BYTES'];

export const isDatatype = (name: unknown): name is Datatype => DATATYPE_NAMES.includes(name as string);
