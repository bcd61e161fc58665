import { OnnxError } from './onnx.error.js';

type NumberArray = Int32Array | Float64Array;

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
  readonly numbers: NumberArray;
  /** UTF-8, distinct where they are few, as modes of nodes are. */
  readonly texts: readonly Uint8Array[];
  /** The index in {@link texts} of each element. */
  readonly textPlaces: NumberArray;
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
/** Bytes of 64 bits, seven bits in each. */
const LONGEST_VARINT = 10;
/** Numbers of an unpacked list to read before its length is estimated. */
const FIRST_NUMBERS = 64;
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

  /** Bytes read so far. */
  get read(): number {
    return this.at;
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

  double(): number {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
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

  /** Numbers of a repeated field, packed or unpacked. */
  numbers(into: NumberList, read: 'varint' | 'float' | 'double'): void {
    if (this.wire !== BYTES) return this.single(into, read);
    const packed = this.content();
    if (read === 'varint') addVarints(packed, into);
    // Copied, because numbers within a message are not aligned.
    else if (read === 'float')
      into.add(new Float32Array(new Uint8Array(packed.subarray(0, packed.length & -4)).buffer));
    else into.add(new Float64Array(new Uint8Array(packed.subarray(0, packed.length & -8)).buffer));
  }

  /** As {@link numbers}, unpacked, as most writers of ONNX store them. */
  private single(into: NumberList, read: 'varint' | 'float' | 'double'): void {
    const { bytes } = this;
    const tag = (this.field << 3) | this.wire;
    const fill = ({ varint: 'varints', float: 'floats', double: 'doubles' } as const)[read];
    const [start, before] = [this.at, into.size];
    for (let capacity = FIRST_NUMBERS; ;) {
      into.reserve(capacity);
      into.size = this[fill](into, tag);
      if (this.at >= bytes.length || bytes[this.at] !== tag) return;
      // Estimates the length of the rest from the average so far.
      const bytesEach = (this.at - start) / (into.size - before);
      capacity = Math.ceil((bytes.length - this.at) / bytesEach);
      this.at++;
    }
  }

  /** Reads elements until the buffer is full, each but the first after its tag. @returns where they end in it */
  private varints(into: NumberList, tag: number): number {
    const { bytes } = this;
    let { buffer, size } = into;
    let { at } = this;
    for (;;) {
      const first = bytes[at];
      if (first < 128) {
        buffer[size++] = first;
        at++;
      } else if (bytes[at + 1] < 128) {
        buffer[size++] = (first & 127) | (bytes[at + 1] << 7);
        at += 2;
      } else {
        this.at = at;
        const long = this.varint();
        at = this.at;
        buffer = into.bufferFor(long);
        buffer[size++] = long;
      }
      if (at >= bytes.length || bytes[at] !== tag || size === buffer.length) break;
      at++;
    }
    this.at = at;
    return size;
  }

  /** As {@link varints}. */
  private floats({ buffer, size }: NumberList, tag: number): number {
    const { bytes, view } = this;
    let { at } = this;
    for (;;) {
      buffer[size++] = view.getFloat32(at, true);
      at += 4;
      if (at >= bytes.length || bytes[at] !== tag || size === buffer.length) break;
      at++;
    }
    this.at = at;
    return size;
  }

  /** As {@link varints}. */
  private doubles({ buffer, size }: NumberList, tag: number): number {
    const { bytes, view } = this;
    let { at } = this;
    for (;;) {
      buffer[size++] = view.getFloat64(at, true);
      at += 8;
      if (at >= bytes.length || bytes[at] !== tag || size === buffer.length) break;
      at++;
    }
    this.at = at;
    return size;
  }

  /** Contents of a repeated field: adds new ones to `distinct`, where equal short ones among the first few share a place. */
  contents(distinct: Uint8Array[], places: NumberList): void {
    const { bytes } = this;
    const tag = (this.field << 3) | this.wire;
    let { buffer, size } = places;
    let { at } = this;
    for (;;) {
      const length = bytes[at];
      let place = Math.min(distinct.length, MOST_KNOWN) - 1;
      for (; place >= 0; place--) {
        const like = distinct[place];
        if (like.length !== length || length > 127) continue;
        let same = 0;
        while (same < length && bytes[at + 1 + same] === like[same]) same++;
        if (same === length) break;
      }
      if (place < 0) {
        this.at = at;
        place = distinct.push(this.content()) - 1;
        at = this.at;
      } else at += 1 + length;
      if (size === buffer.length) {
        places.size = size;
        places.reserve(1 + Math.ceil((bytes.length - at) / (2 + distinct[place].length)));
        buffer = places.buffer;
      }
      buffer[size++] = place;
      if (at >= bytes.length || bytes[at] !== tag) break;
      at++;
    }
    this.at = at;
    places.size = size;
  }

  skip(): void {
    if (this.wire === VARINT) this.varint();
    else if (this.wire === FIXED64) this.at += 8;
    else if (this.wire === FIXED32) this.at += 4;
    else if (this.wire === BYTES) this.content();
    else throw new OnnxError('is no ONNX model', 'Export it again');
  }
}

class NumberList {
  /** The first {@link size} numbers are used. */
  buffer: NumberArray;
  size = 0;

  constructor(private Type: Int32ArrayConstructor | Float64ArrayConstructor) {
    this.buffer = new Type(0);
  }

  /** Grows the buffer for that many more. */
  reserve(count: number): void {
    if (this.size + count > this.buffer.length) this.move(Math.max(this.size + count, 2 * this.size));
  }

  /** The buffer, widened to float64 where an integer does not fit an int32. */
  bufferFor(whole: number): NumberArray {
    if (this.Type === Int32Array && (whole | 0) !== whole) {
      this.Type = Float64Array;
      this.move(this.buffer.length);
    }
    return this.buffer;
  }

  add(numbers: NumberArray | Float32Array): void {
    this.reserve(numbers.length);
    this.buffer.set(numbers, this.size);
    this.size += numbers.length;
  }

  take(): NumberArray {
    return this.buffer.subarray(0, this.size);
  }

  private move(length: number): void {
    const moved = new this.Type(length);
    moved.set(this.buffer);
    this.buffer = moved;
  }
}

/** Packed varints: most are small, and decoded inline. */
function addVarints(packed: Uint8Array, into: NumberList): void {
  if (packed.length > 0 && packed[packed.length - 1] >= 128)
    throw new OnnxError('ends within a number', 'Export it again');
  let count = 0;
  for (let at = 0; at < packed.length; at++) if (packed[at] < 128) count++;
  into.reserve(count);
  let { buffer, size } = into;
  for (let at = 0; count > 0; count--) {
    const first = packed[at];
    const second = packed[at + 1];
    const third = packed[at + 2];
    if (first < 128) {
      buffer[size++] = first;
      at++;
    } else if (second < 128) {
      buffer[size++] = (first & 127) | (second << 7);
      at += 2;
    } else if (third < 128) {
      buffer[size++] = (first & 127) | ((second & 127) << 7) | (third << 14);
      at += 3;
    } else {
      const fields = new Fields(packed.subarray(at, at + LONGEST_VARINT));
      const long = fields.varint();
      buffer = into.bufferFor(long);
      buffer[size++] = long;
      at += fields.read;
    }
  }
  into.size = size;
}

const RAW = {
  [ELEMENT.float]: (view: DataView, i: number) => view.getFloat32(4 * i, true),
  [ELEMENT.double]: (view: DataView, i: number) => view.getFloat64(8 * i, true),
  [ELEMENT.int64]: (view: DataView, i: number) => Number(view.getBigInt64(8 * i, true)),
  [ELEMENT.int32]: (view: DataView, i: number) => view.getInt32(4 * i, true),
  [ELEMENT.uint8]: (view: DataView, i: number) => view.getUint8(i),
  [ELEMENT.int8]: (view: DataView, i: number) => view.getInt8(i),
  [ELEMENT.bool]: (view: DataView, i: number) => view.getUint8(i),
} as const;
const SIZE: Record<keyof typeof RAW, number> = {
  [ELEMENT.float]: 4,
  [ELEMENT.double]: 8,
  [ELEMENT.int64]: 8,
  [ELEMENT.int32]: 4,
  [ELEMENT.uint8]: 1,
  [ELEMENT.int8]: 1,
  [ELEMENT.bool]: 1,
};

function scanTensor(bytes: Uint8Array): ScannedTensor & { readonly name: string } {
  const fields = new Fields(bytes);
  const dims = new NumberList(Int32Array);
  const wholes = new NumberList(Int32Array);
  const floats = new NumberList(Float64Array);
  const texts: string[] = [];
  let [type, name, isElsewhere] = [0, '', false];
  let raw: Uint8Array | undefined;
  while (fields.next()) {
    if (fields.field === 1) fields.numbers(dims, 'varint');
    else if (fields.field === 2) type = fields.varint();
    else if (fields.field === 4) fields.numbers(floats, 'float');
    else if (fields.field === 5 || fields.field === 7) fields.numbers(wholes, 'varint');
    else if (fields.field === 6) texts.push(fields.text());
    else if (fields.field === 8) name = fields.text();
    else if (fields.field === 9) raw = fields.content();
    else if (fields.field === 10) fields.numbers(floats, 'double');
    else if (fields.field === 14) isElsewhere = fields.varint() === 1;
    else fields.skip();
  }
  const shape = [...dims.take()];
  if (type === ELEMENT.string) return { name, dims: shape, type, texts };
  if (isElsewhere || !(type in RAW)) return { name, dims: shape, type };
  if (!raw) return { name, dims: shape, type, numbers: (floats.size > 0 ? floats : wholes).take() };
  const element = type as keyof typeof RAW;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const length = Math.floor(raw.length / SIZE[element]);
  const read = RAW[element];
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = read(view, i);
  return { name, dims: shape, type, numbers: values };
}

/** How many distinct texts of an attribute are looked up: more than tree nodes have modes. */
const MOST_KNOWN = 8;

function scanAttribute(bytes: Uint8Array): ScannedAttribute & { readonly name: string } {
  const fields = new Fields(bytes);
  const wholes = new NumberList(Int32Array);
  const floats = new NumberList(Float64Array);
  const texts: Uint8Array[] = [];
  const textPlaces = new NumberList(Int32Array);
  let name = '';
  let number: number | undefined;
  let text: string | undefined;
  let tensor: ScannedTensor | undefined;
  while (fields.next()) {
    if (fields.field === 1) name = fields.text();
    else if (fields.field === 2) number = fields.float();
    else if (fields.field === 3) number = fields.varint();
    else if (fields.field === 4) text = fields.text();
    else if (fields.field === 5) tensor = scanTensor(fields.content());
    else if (fields.field === 7) fields.numbers(floats, 'float');
    else if (fields.field === 8) fields.numbers(wholes, 'varint');
    else if (fields.field === 9) fields.contents(texts, textPlaces);
    else fields.skip();
  }
  return {
    name,
    number,
    text,
    tensor,
    numbers: (floats.size > 0 ? floats : wholes).take(),
    texts,
    textPlaces: textPlaces.take(),
  };
}

function scanNode(bytes: Uint8Array): ScannedNode {
  const fields = new Fields(bytes);
  const [inputs, outputs]: string[][] = [[], []];
  const attributes = new Map<string, ScannedAttribute>();
  let [op, domain] = ['', ''];
  while (fields.next()) {
    if (fields.field === 1) inputs.push(fields.text());
    else if (fields.field === 2) outputs.push(fields.text());
    else if (fields.field === 4) op = fields.text();
    else if (fields.field === 5) {
      const attribute = scanAttribute(fields.content());
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
 * Reads the parts of an ONNX model that tree ensembles need. Flat arrays are decoded directly: schema-driven readers
 * create a message per number, which takes a second for 500 trees.
 *
 * @throws OnnxError when the bytes are no ONNX model
 */
export function scanModel(model: Uint8Array): ScannedGraph {
  const [graph] = within(model, 7);
  if (!graph) throw new OnnxError('holds no graph', 'Export it again');
  const fields = new Fields(graph);
  const nodes: ScannedNode[] = [];
  const constants = new Map<string, ScannedTensor>();
  const [inputs, outputs]: ScannedValue[][] = [[], []];
  while (fields.next()) {
    if (fields.field === 1) nodes.push(scanNode(fields.content()));
    else if (fields.field === 5) {
      const tensor = scanTensor(fields.content());
      constants.set(tensor.name, tensor);
    } else if (fields.field === 11) inputs.push(scanValue(fields.content()));
    else if (fields.field === 12) outputs.push(scanValue(fields.content()));
    else fields.skip();
  }
  return { nodes, constants, inputs: inputs.filter(({ name }) => !constants.has(name)), outputs };
}
