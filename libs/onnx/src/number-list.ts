import type { LayoutMemory } from '#kernels';

export type NumberArray = Int32Array | Float32Array | Float64Array;

/** What elements of a repeated field are and become, by number in `lists.ts` of the kernels. */
export const KIND = { int32: 0, float64: 1, float: 2, double: 3 } as const;
type Kind = (typeof KIND)[keyof typeof KIND];

/** A list of numbers in the memory of layouts. */
export class NumberList {
  kind: Kind = KIND.int32;
  /** Where it is, in bytes. */
  start = 0;
  size = 0;

  constructor(readonly memory: LayoutMemory) {}

  /** Whether its numbers are float64; else they have four bytes. */
  get isDouble(): boolean {
    return this.kind === KIND.float64 || this.kind === KIND.double;
  }

  get isWhole(): boolean {
    return this.kind === KIND.int32;
  }

  get end(): number {
    return this.start + this.size * (this.isDouble ? 8 : 4);
  }

  /** A view, valid until the memory grows. */
  get view(): NumberArray {
    const { memory, start, size, kind } = this;
    if (kind === KIND.int32) return memory.int32s(start, size);
    return kind === KIND.float ? memory.float32s(start, size) : memory.float64s(start, size);
  }

  /** Moves to the end of the memory, with room for so many bytes behind; numbers of another kind are converted. */
  move(kind: Kind, bytes: number): void {
    const numbers = this.size > 0 ? this.view.slice() : undefined;
    this.kind = kind;
    this.start = this.memory.reserve(this.end - this.start + bytes);
    if (numbers) this.view.set(numbers);
  }
}
