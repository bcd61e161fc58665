import { type LayoutKernels, linkLayoutKernels } from './layout-kernels.js';

const PAGE = 2 ** 16;
/** The limit of the kernels' 32-bit addresses: 4 GiB. */
const MAX_PAGES = 2 ** 16;
const MORE_PAGES = 32;
const CACHE_LINE = 64;

type NumberArray = Float32Array | Float64Array | Uint8Array | Uint16Array | Int32Array | Uint32Array;

/**
 * The memory in which trees are read and laid out: it grows as it is used. A view is valid until the next reservation, so that
 * places in bytes are kept, and views are made where they are needed.
 */
export class LayoutMemory {
  /** That of the last layout, as long as garbage was not collected. */
  private static last?: WeakRef<LayoutMemory>;

  /** Shared, although no other thread uses it: V8 does not count such memory, so that its growth starts no garbage collection. */
  private readonly memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
  readonly kernels: LayoutKernels = linkLayoutKernels(this.memory);
  private pages = 1;
  /** 0 stands for nothing. */
  private end = CACHE_LINE;
  /** Where all that was ever reserved ends. */
  private used = CACHE_LINE;

  /**
   * Runs a layout in the memory of the last one, where that is still there: V8 would collect many of them late.
   *
   * @param work keeps no view of the memory
   */
  static use<T>(work: (memory: LayoutMemory) => T): T {
    const memory = LayoutMemory.last?.deref() ?? new LayoutMemory();
    LayoutMemory.last = undefined;
    memory.clear();
    try {
      return work(memory);
    } finally {
      LayoutMemory.last = new WeakRef(memory);
    }
  }

  /** Room for so many bytes, of zeros. @returns where it is */
  reserve(bytes: number): number {
    const start = Math.ceil(this.end / CACHE_LINE) * CACHE_LINE;
    this.end = start + bytes;
    this.used = Math.max(this.used, this.end);
    const due = Math.ceil(this.end / PAGE);
    if (due > this.pages) {
      // In few steps, as each makes all views anew.
      const next = Math.min(due + MORE_PAGES, MAX_PAGES);
      this.memory.grow(next - this.pages);
      this.pages = next;
    }
    return start;
  }

  /** Gives back what was reserved last, from a place on that was not written to. */
  release(from: number): void {
    this.end = from;
  }

  private clear(): void {
    // By eight bytes: elements of shared memory are filled one by one.
    this.float64s(0, Math.ceil(this.used / 8)).fill(0);
    this.end = this.used = CACHE_LINE;
  }

  /** Copies an array. @returns where it is */
  put(array: NumberArray): number {
    const start = this.reserve(array.byteLength);
    this.bytes(start, array.byteLength).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return start;
  }

  /** A struct: its fields, in the order in which its class declares them. */
  struct(...fields: readonly number[]): number {
    return this.put(Uint32Array.from(fields));
  }

  bytes(start: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, start, length);
  }

  int32s(start: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, start, length);
  }

  float32s(start: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, start, length);
  }

  float64s(start: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, start, length);
  }
}
