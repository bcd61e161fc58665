/** A pool of numbered slots. */
export class Slots {
  private readonly free: number[];

  constructor(count: number) {
    this.free = Array.from({ length: count }, (_, i) => count - 1 - i);
  }

  take(): number {
    const slot = this.free.pop();
    if (slot === undefined) throw new Error('More nodes wait than there are slots.');
    return slot;
  }

  give(slot: number): void {
    this.free.push(slot);
  }
}
