import { LayoutMemory } from '#kernels';
import { ListReader } from './list-reader.js';
import { type NumberArray, NumberList } from './number-list.js';
import { OnnxError } from './onnx.error.js';

/**
 * A constant of a graph; `numbers` for the element types float, double, int8 to int64, uint8 and bool.
 * Source of all field numbers: onnx.proto3 of https://github.com/onnx/onnx.
 */
export interface ScannedTensor {
  readonly dims: readonly number[];
  /** TensorProto.DataType. */
  readonly type: number;
  readonly numbers?: NumberArray;
  readonly texts?: readonly string[];
}

export interface ScannedAttribute {
  readonly number?: number;
  readonly text?: string;
  readonly tensor?: ScannedTensor;
  /** Integers as int32 where all fit. */
  readonly numbers: NumberList;
  /** UTF-8, distinct where they are few, as modes of nodes are. */
  readonly texts: readonly Uint8Array[];
  /** The index in {@link texts} of each element. */
  readonly textPlaces: NumberList;
}

export interface ScannedNode {
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, ScannedAttribute>;
}

/** An input or output that is a tensor; a dynamic dimension is -1. */
export interface ScannedValue {
  readonly name: string;
  readonly type: number;
  readonly dims: readonly number[];
}

export interface ScannedGraph {
  /** Where lists of attributes are. */
  readonly memory: LayoutMemory;
  readonly nodes: readonly ScannedNode[];
  readonly constants: ReadonlyMap<string, ScannedTensor>;
  readonly inputs: readonly ScannedValue[];
  readonly outputs: readonly ScannedValue[];
}

/** TensorProto.DataType. */
export const ELEMENT = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7, string: 8, bool: 9, double: 11 } as const;

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
const utf8 = new TextDecoder();

/** The fields of one message. Protocol Buffers: https://protobuf.dev/programming-guides/encoding */
class Fields {
  private readonly view: DataView;
  private at = 0;
  field = 0;
  private wire = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  next(): boolean {
    if (this.at >= this.bytes.length) return false;
    const tag = this.varint();
    this.field = tag >>> 3;
    this.wire = tag & 7;
    return true;
  }

  /** Of the fields that are read as lists, whose tags have one byte. */
  private get tag(): number {
    return (this.field << 3) | this.wire;
  }

  get isContent(): boolean {
    return this.wire === BYTES;
  }

  /** A whole number, exact to 2^53. */
  varint(): number {
    const { bytes } = this;
    let byte = bytes[this.at++];
    if (byte < 128) return byte;
    let low = byte & 127;
    let shift = 7;
    for (; shift < 28; shift += 7) {
      byte = bytes[this.at++];
      low |= (byte & 127) << shift;
      if (byte < 128) return low;
    }
    let high = 0;
    for (let scale = 1; ; scale *= 128) {
      byte = bytes[this.at++];
      if (byte === undefined || scale > 2 ** 42) throw new OnnxError('ends within a number', 'Export it again');
      high += (byte & 127) * scale;
      if (byte < 128) break;
    }
    // 64 bits in two's complement: a negative number has all upper bits set.
    return high >= 2 ** 35 ? (high - 2 ** 36) * 2 ** 28 + low : high * 2 ** 28 + low;
  }

  float(): number {
    this.at += 4;
    return this.view.getFloat32(this.at - 4, true);
  }

  content(): Uint8Array {
    const length = this.varint();
    this.at += length;
    if (this.at > this.bytes.length) throw new OnnxError('is cut off', 'Export it again');
    return this.bytes.subarray(this.at - length, this.at);
  }

  text(): string {
    return utf8.decode(this.content());
  }

  /** Numbers of a repeated field, packed or unpacked, as most writers of ONNX store them. */
  numbers(lists: ListReader, into: NumberList, read: 'varint' | 'float' | 'double'): void {
    if (this.isContent) lists.numbers(into, this.content(), 0, -1, read);
    else this.at = lists.numbers(into, this.bytes, this.at - 1, this.tag, read);
  }

  /** Contents of a repeated field: adds new ones to `distinct`, where equal short ones among the first few share a place. */
  contents(lists: ListReader, distinct: Uint8Array[], places: NumberList): void {
    this.at = lists.texts(places, distinct, this.bytes, this.at - 1, this.tag, (at) => {
      this.at = at;
      const text = this.content();
      return { text, end: this.at };
    });
  }

  skip(): void {
    if (this.wire === VARINT) this.varint();
    else if (this.wire === FIXED64) this.at += 8;
    else if (this.wire === FIXED32) this.at += 4;
    else if (this.wire === BYTES) this.content();
    else throw new OnnxError('is not an ONNX model', 'Export it again');
  }
}

/** Elements as a tensor has them raw. */
const RAW = {
  [ELEMENT.float]: Float32Array,
  [ELEMENT.double]: Float64Array,
  [ELEMENT.int64]: BigInt64Array,
  [ELEMENT.int32]: Int32Array,
  [ELEMENT.uint8]: Uint8Array,
  [ELEMENT.int8]: Int8Array,
  [ELEMENT.bool]: Uint8Array,
} as const;

function scanTensor(lists: ListReader, bytes: Uint8Array): ScannedTensor & { readonly name: string } {
  const fields = new Fields(bytes);
  const { memory } = lists;
  const [dims, wholes, floats] = [new NumberList(memory), new NumberList(memory), new NumberList(memory)];
  const texts: string[] = [];
  let [type, name, isElsewhere] = [0, '', false];
  let raw: Uint8Array | undefined;
  while (fields.next()) {
    if (fields.field === 1) fields.numbers(lists, dims, 'varint');
    else if (fields.field === 2) type = fields.varint();
    else if (fields.field === 4) fields.numbers(lists, floats, 'float');
    else if (fields.field === 5 || fields.field === 7) fields.numbers(lists, wholes, 'varint');
    else if (fields.field === 6) texts.push(fields.text());
    else if (fields.field === 8) name = fields.text();
    else if (fields.field === 9) raw = fields.content();
    else if (fields.field === 10) fields.numbers(lists, floats, 'double');
    else if (fields.field === 14) isElsewhere = fields.varint() === 1;
    else fields.skip();
  }
  const shape = [...dims.view];
  if (type === ELEMENT.string) return { name, dims: shape, type, texts };
  if (isElsewhere || !(type in RAW)) return { name, dims: shape, type };
  // Copied, as steps behind trees keep constants, but not the memory of layouts.
  if (!raw) return { name, dims: shape, type, numbers: (floats.size > 0 ? floats : wholes).view.slice() };
  return { name, dims: shape, type, numbers: rawNumbers(raw, type as keyof typeof RAW) };
}

function rawNumbers(raw: Uint8Array, element: keyof typeof RAW): NumberArray {
  const Elements = RAW[element];
  // Copied, because numbers within a message are not aligned.
  const bytes = new Uint8Array(raw.subarray(0, raw.length - (raw.length % Elements.BYTES_PER_ELEMENT)));
  const numbers = new Elements(bytes.buffer);
  if (numbers instanceof BigInt64Array) return Float64Array.from(numbers, Number);
  return numbers instanceof Uint8Array || numbers instanceof Int8Array ? Int32Array.from(numbers) : numbers;
}

function scanAttribute(lists: ListReader, bytes: Uint8Array): ScannedAttribute & { readonly name: string } {
  const fields = new Fields(bytes);
  const { memory } = lists;
  const [wholes, floats, textPlaces] = [new NumberList(memory), new NumberList(memory), new NumberList(memory)];
  const texts: Uint8Array[] = [];
  let name = '';
  let number: number | undefined;
  let text: string | undefined;
  let tensor: ScannedTensor | undefined;
  while (fields.next()) {
    if (fields.field === 1) name = fields.text();
    else if (fields.field === 2) number = fields.float();
    else if (fields.field === 3) number = fields.varint();
    else if (fields.field === 4) text = fields.text();
    else if (fields.field === 5) tensor = scanTensor(lists, fields.content());
    else if (fields.field === 7) fields.numbers(lists, floats, 'float');
    else if (fields.field === 8) fields.numbers(lists, wholes, 'varint');
    else if (fields.field === 9) fields.contents(lists, texts, textPlaces);
    else fields.skip();
  }
  return { name, number, text, tensor, numbers: floats.size > 0 ? floats : wholes, texts, textPlaces };
}

function scanNode(lists: ListReader, bytes: Uint8Array): ScannedNode {
  const fields = new Fields(bytes);
  const [inputs, outputs]: string[][] = [[], []];
  const attributes = new Map<string, ScannedAttribute>();
  let [op, domain] = ['', ''];
  while (fields.next()) {
    if (fields.field === 1) inputs.push(fields.text());
    else if (fields.field === 2) outputs.push(fields.text());
    else if (fields.field === 4) op = fields.text();
    else if (fields.field === 5) {
      const attribute = scanAttribute(lists, fields.content());
      attributes.set(attribute.name, attribute);
    } else if (fields.field === 7) domain = fields.text();
    else fields.skip();
  }
  return { op, domain, inputs, outputs, attributes };
}

/** Messages and texts at a path of field numbers; fields of other wire types are skipped. */
function within(bytes: Uint8Array, ...path: readonly number[]): Uint8Array[] {
  const [first, ...rest] = path;
  if (first === undefined) return [bytes];
  const fields = new Fields(bytes);
  const found: Uint8Array[] = [];
  while (fields.next()) {
    if (fields.field === first && fields.isContent) found.push(...within(fields.content(), ...rest));
    else fields.skip();
  }
  return found;
}

function numberOf(bytes: Uint8Array, field: number): number | undefined {
  const fields = new Fields(bytes);
  let found: number | undefined;
  while (fields.next()) {
    if (fields.field === field && !fields.isContent) found = fields.varint();
    else fields.skip();
  }
  return found;
}

/** ValueInfoProto: a name, and a type that is a tensor (1) of elements (1) and shape (2) of dimensions (1). */
function scanValue(bytes: Uint8Array): ScannedValue {
  const name = within(bytes, 1).map((text) => utf8.decode(text))[0] ?? '';
  const [tensor] = within(bytes, 2, 1);
  if (!tensor) return { name, type: 0, dims: [] };
  const dims = within(tensor, 2, 1).map((dimension) => numberOf(dimension, 1) ?? -1);
  return { name, type: numberOf(tensor, 1) ?? 0, dims };
}

/**
 * Reads the parts of an ONNX model that tree ensembles need. Flat arrays are decoded directly, into a memory of WebAssembly:
 * schema-driven readers create a message per number, which takes a second for 500 trees.
 *
 * @throws OnnxError when the bytes are no ONNX model
 */
export function scanModel(model: Uint8Array, memory = new LayoutMemory()): ScannedGraph {
  const [graph] = within(model, 7);
  if (!graph) throw new OnnxError('holds no graph', 'Export it again');
  const lists = new ListReader(memory);
  const fields = new Fields(graph);
  const nodes: ScannedNode[] = [];
  const constants = new Map<string, ScannedTensor>();
  const [inputs, outputs]: ScannedValue[][] = [[], []];
  while (fields.next()) {
    if (fields.field === 1) nodes.push(scanNode(lists, fields.content()));
    else if (fields.field === 5) {
      const tensor = scanTensor(lists, fields.content());
      constants.set(tensor.name, tensor);
    } else if (fields.field === 11) inputs.push(scanValue(fields.content()));
    else if (fields.field === 12) outputs.push(scanValue(fields.content()));
    else fields.skip();
  }
  return { memory, nodes, constants, inputs: inputs.filter(({ name }) => !constants.has(name)), outputs };
}
