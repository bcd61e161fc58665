import { LearnerError } from '../learner.error.js';

const PAGE = 2 ** 16;
/** As far as the kernels' 32-bit addresses reach: 4 GiB. */
const MAX_PAGES = 2 ** 16;
/** What kernels hold themselves lies below; 0 stands for an array that is not there. */
const FIRST = 2 ** 12;
const CACHE_LINE = 64;

interface ArrayType<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: SharedArrayBuffer, start: number, length: number): T;
}

/** One memory that threads and kernels share, given out array by array; pages that are never touched cost nothing. */
export class Arena {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
  private pages = 1;
  private end = FIRST;

  /**
   * Zeros.
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
