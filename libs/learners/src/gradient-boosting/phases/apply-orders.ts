import { type BoostingMemory, ORDER } from '../boosting-memory.js';
import { CODES } from '../feature-bins.js';
import type { BoostingKernels } from '#kernels';

/** Applies the batch's splits to the rows of one shard. */
export function applyOrders(
  memory: BoostingMemory,
  kernels: BoostingKernels,
  shard: number,
  size: number,
  output: number,
): void {
  const { at, orders, bounds, shards, values, rows, outputs, bins } = memory;
  const rowBytes = 4 * bins.rowWords;
  const [margins, marginBytes] = [at.margins + 4 * output, 4 * outputs];
  for (let i = 0; i < size; i++) {
    const own = i * ORDER.size;
    const [column, right] = [orders[own + ORDER.column], orders[own + ORDER.rightBounds]];
    const segment = 2 * (orders[own + ORDER.bounds] * shards.count + shard);
    const [start, end] = [bounds[segment], bounds[segment + 1]];
    const [first, last] = [at.order + 4 * start, at.order + 4 * end];
    const [codes, sides] = [at.words + column, at.sides + CODES * i];
    // Either the node or its children are leaves, or the children have slots for bounds (the left reuses the node's).
    if (column < 0) kernels.addToAll(first, last, margins, marginBytes, values[2 * i]);
    else if (right < 0)
      kernels.addToSides(first, last, margins, marginBytes, codes, rowBytes, sides, at.values + 16 * i);
    else {
      // Writes into the other half of `order`.
      const to = start < rows ? start + rows : start - rows;
      const middle = to + kernels.partition(first, last, at.order + 4 * to, codes, rowBytes, sides);
      bounds[segment] = to;
      bounds[segment + 1] = middle;
      const rightSegment = 2 * (right * shards.count + shard);
      bounds[rightSegment] = middle;
      bounds[rightSegment + 1] = to + end - start;
    }
  }
}
