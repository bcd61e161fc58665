const PAGE = 2 ** 16;
const CACHE_LINE = 64;

interface Placed {
  readonly start: number;
  readonly array: Float32Array | Float64Array | Uint8Array | Uint16Array | Int32Array | Uint32Array;
}

/** What a kernel finds in its memory, put together before that is made: it then has the size that it needs. */
export class MemoryImage {
  private readonly placed: Placed[] = [];
  /** 0 stands for nothing. */
  private end = CACHE_LINE;

  get bytes(): number {
    return this.end;
  }

  /** @returns where the array will be, in bytes */
  put(array: Placed['array']): number {
    const start = this.reserve(array.byteLength);
    this.placed.push({ start, array });
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
    for (const { start, array } of this.placed) {
      bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start);
    }
    return memory;
  }
}
