/** Numbered places that nodes take and give back. */
export class Rooms {
  private readonly free: number[];

  constructor(count: number) {
    this.free = Array.from({ length: count }, (_, i) => count - 1 - i);
  }

  take(): number {
    const room = this.free.pop();
    if (room === undefined) throw new Error('More nodes wait than there is room for.');
    return room;
  }

  give(room: number): void {
    this.free.push(room);
  }
}
