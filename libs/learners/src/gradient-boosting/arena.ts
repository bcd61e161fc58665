import { LearnerError } from '../learner.error.js';

const PAGE = 2 ** 16;
/** The limit of the kernels' 32-bit addresses: 4 GiB. */
const MAX_PAGES = 2 ** 16;
/** The kernels' own data lie below; address 0 stands for an absent array. */
const FIRST = 2 ** 12;
const CACHE_LINE = 64;

interface ArrayType<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: SharedArrayBuffer, start: number, length: number): T;
}

/** A bump allocator in the memory that threads and kernels share; untouched pages cost nothing. */
export class Arena {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
  private pages = 1;
  private end = FIRST;

  /**
   * Allocates zeros.
   *
   * @throws LearnerError beyond 4 GiB
   */
  array<T>(type: ArrayType<T>, length: number): T {
    const start = Math.ceil(this.end / CACHE_LINE) * CACHE_LINE;
    this.end = start + length * type.BYTES_PER_ELEMENT;
    const pages = Math.ceil(this.end / PAGE);
    if (pages > MAX_PAGES) {
      throw new LearnerError(
        'gradient_boosting takes at most 4 GiB of memory; train on fewer rows, features or classes',
      );
    }
    if (pages > this.pages) this.memory.grow(pages - this.pages);
    this.pages = Math.max(pages, this.pages);
    return new type(this.memory.buffer, start, length);
  }
}
