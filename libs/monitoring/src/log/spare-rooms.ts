/** Bytes that are kept for later, at most. */
const MOST_BYTES = 4 * 1_048_576;

/** Buffers to be used again: of a new one the system clears each page first, and the collector runs for what lies outside of V8's heap. */
export class SpareRooms {
  private readonly rooms = new Map<number, ArrayBuffer[]>();
  private bytes = 0;

  /** @returns a buffer with anything in it */
  take(bytes: number): ArrayBuffer {
    const room = this.rooms.get(bytes)?.pop();
    if (!room) return new ArrayBuffer(bytes);
    this.bytes -= bytes;
    return room;
  }

  /** @param room that nobody uses any more */
  give(room: ArrayBuffer): void {
    const { byteLength } = room;
    if (byteLength === 0 || this.bytes + byteLength > MOST_BYTES) return;
    this.bytes += byteLength;
    const alike = this.rooms.get(byteLength);
    if (alike) alike.push(room);
    else this.rooms.set(byteLength, [room]);
  }
}
