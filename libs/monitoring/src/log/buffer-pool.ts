/** Bytes that are kept for later, at most. */
const MOST_BYTES = 4 * 1_048_576;

/** Buffers to be used again: of a new one the system clears each page first, and the collector runs for what lies outside of V8's heap. */
export class BufferPool {
  private readonly free = new Map<number, ArrayBuffer[]>();
  private bytes = 0;

  /** @returns a buffer with anything in it */
  take(bytes: number): ArrayBuffer {
    const buffer = this.free.get(bytes)?.pop();
    if (!buffer) return new ArrayBuffer(bytes);
    this.bytes -= bytes;
    return buffer;
  }

  /** @param buffer that nobody uses any more */
  give(buffer: ArrayBuffer): void {
    const { byteLength } = buffer;
    if (byteLength === 0 || this.bytes + byteLength > MOST_BYTES) return;
    this.bytes += byteLength;
    const alike = this.free.get(byteLength);
    if (alike) alike.push(buffer);
    else this.free.set(byteLength, [buffer]);
  }
}
