import { type BoostingMemory, ORDER } from '../boosting-memory.js';
import { CODES } from '../feature-bins.js';

/** What follows from the splits of the batch for the rows of one shard. */
export class OrderApplier {
  constructor(private readonly memory: BoostingMemory) {}

  apply(shard: number, size: number, output: number): void {
    const { orders, bounds, shards, values, rows } = this.memory;
    for (let i = 0; i < size; i++) {
      const at = i * ORDER.size;
      const segment = 2 * (orders[at + ORDER.bounds] * shards.count + shard);
      const [start, end] = [bounds[segment], bounds[segment + 1]];
      const [column, right] = [orders[at + ORDER.column], orders[at + ORDER.rightBounds]];
      if (column < 0) this.addToAll(start, end, values[2 * i], output);
      else if (right < 0) this.addToSides(start, end, column, i, output);
      else {
        const shift = start < rows ? rows : -rows;
        const middle = this.partition(start, end, shift, column, i);
        bounds[segment] = start + shift;
        bounds[segment + 1] = middle;
        const rightSegment = 2 * (right * shards.count + shard);
        bounds[rightSegment] = middle;
        bounds[rightSegment + 1] = end + shift;
      }
    }
  }

  /** The node is a leaf. */
  private addToAll(start: number, end: number, value: number, output: number): void {
    const { order, margins, outputs } = this.memory;
    for (let i = start; i < end; i++) margins[order[i] * outputs + output] += value;
  }

  /** The node's children are leaves. */
  private addToSides(start: number, end: number, column: number, index: number, output: number): void {
    const { order, margins, outputs, sides, values } = this.memory;
    const { bytes, rowWords } = this.memory.bins;
    for (let i = start; i < end; i++) {
      const row = order[i];
      // Looked up, as a choice would be a branch, mispredicted for every other row.
      const goesLeft = sides[CODES * index + bytes[4 * rowWords * row + column]];
      margins[row * outputs + output] += values[2 * index + 1 - goesLeft];
    }
  }

  /**
   * Puts the rows that go left before the others, these in the reverse of their old order, into the other half of `order`.
   *
   * @returns where the right begins
   */
  private partition(start: number, end: number, shift: number, column: number, index: number): number {
    const { order, sides } = this.memory;
    const { bytes, rowWords } = this.memory.bins;
    let left = start + shift;
    let right = end + shift - 1;
    for (let i = start; i < end; i++) {
      const row = order[i];
      const goesLeft = sides[CODES * index + bytes[4 * rowWords * row + column]];
      order[left] = row;
      order[right] = row;
      left += goesLeft;
      right -= 1 - goesLeft;
    }
    return left;
  }
}
