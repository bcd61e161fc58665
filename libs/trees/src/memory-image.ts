import type { LayoutMemory } from '#kernels';

const PAGE = 2 ** 16;
const CACHE_LINE = 64;

type NumberArray = Float32Array | Float64Array | Uint8Array | Uint16Array | Int32Array | Uint32Array;

/** What a kernel finds in its memory, put together before that is made: it then has the size that it needs. */
export class MemoryImage {
  private readonly placed: { readonly start: number; readonly bytesOf: () => Uint8Array }[] = [];
  /** 0 stands for nothing. */
  private end = CACHE_LINE;

  /** @param layout where {@link copy} copies from */
  constructor(private readonly layout: LayoutMemory) {}

  get bytes(): number {
    return this.end;
  }

  /** @returns where the array will be, in bytes */
  put(array: NumberArray): number {
    const start = this.reserve(array.byteLength);
    const bytesOf = (): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    this.placed.push({ start, bytesOf });
    return start;
  }

  /** As {@link put}, of bytes in the memory of layouts. */
  copy(from: number, bytes: number): number {
    const start = this.reserve(bytes);
    this.placed.push({ start, bytesOf: () => this.layout.bytes(from, bytes) });
    return start;
  }

  /** Room for so many bytes, of zeros. */
  reserve(bytes: number): number {
    const start = Math.ceil(this.end / CACHE_LINE) * CACHE_LINE;
    this.end = start + bytes;
    return start;
  }

  build(): WebAssembly.Memory<false> {
    const pages = Math.ceil(this.end / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: false });
    const bytes = new Uint8Array(memory.buffer);
    for (const { start, bytesOf } of this.placed) bytes.set(bytesOf(), start);
    return memory;
  }
}
