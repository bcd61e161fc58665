import { type JsonKernels, linkJsonKernels } from './json-kernels.js';

const PAGE_BYTES = 65_536;

/** A memory of the kernels of JSON, which only grows. */
export class JsonMemory {
  private readonly memory = new WebAssembly.Memory({ initial: 1 });
  readonly kernels: JsonKernels = linkJsonKernels(this.memory);
  /** All of it; another object once it has grown, which detaches all views. */
  bytes = Buffer.from(this.memory.buffer);

  /** Lets it hold so many bytes at least. */
  reserve(bytes: number): void {
    const pages = Math.ceil((bytes - this.bytes.length) / PAGE_BYTES);
    if (pages <= 0) return;
    this.memory.grow(pages);
    this.bytes = Buffer.from(this.memory.buffer);
  }
}
