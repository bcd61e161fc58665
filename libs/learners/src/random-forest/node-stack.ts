/** The waiting nodes of a growing tree; the fields hold the node popped last. */
export class NodeStack {
  /** The node's entries are those from `start` to `end`. */
  start = 0;
  end = 0;
  depth = 0;
  /** The parent's index in the tree, -1 for the root. */
  parent = -1;
  isLeft = false;
  /** Rows per class, counted as often as drawn. */
  readonly counts: Int32Array;
  private readonly slots: Int32Array;
  private readonly waiting: Int32Array;
  private size = 0;

  constructor(maxDepth: number, classes: number) {
    // Depth first: at most one node waits per level, and two at the last level.
    this.slots = new Int32Array(5 * (maxDepth + 2));
    this.waiting = new Int32Array(classes * (maxDepth + 2));
    this.counts = new Int32Array(classes);
  }

  push(start: number, end: number, depth: number, parent: number, isLeft: boolean, counts: Int32Array): void {
    const slot = 5 * this.size;
    this.slots[slot] = start;
    this.slots[slot + 1] = end;
    this.slots[slot + 2] = depth;
    this.slots[slot + 3] = parent;
    this.slots[slot + 4] = isLeft ? 1 : 0;
    this.waiting.set(counts, this.size * counts.length);
    this.size++;
  }

  /** @returns whether there was a node */
  pop(): boolean {
    if (this.size === 0) return false;
    this.size--;
    const { slots, waiting, counts } = this;
    const slot = 5 * this.size;
    this.start = slots[slot];
    this.end = slots[slot + 1];
    this.depth = slots[slot + 2];
    this.parent = slots[slot + 3];
    this.isLeft = slots[slot + 4] === 1;
    for (let c = 0; c < counts.length; c++) counts[c] = waiting[this.size * counts.length + c];
    return true;
  }
}
