/** Smaller parts are copied into blocks: as separate objects, single bytes would take hundreds of bytes each. */
const SMALL_BYTES = 4_096;
/** Blocks grow with the body, so that a small body holds little memory. */
const LARGEST_BLOCK_BYTES = 65_536;

/** The bytes of a body in the parts that arrived, so that a large body is read without being held twice. */
export class BodyParts {
  private readonly parts: Buffer[] = [];
  /** Where each part begins. */
  private readonly starts: number[] = [];
  /** Collects small parts; the last part is its filled portion. */
  private block?: Buffer;
  private total = 0;

  get length(): number {
    return this.total;
  }

  append(part: Buffer): void {
    if (part.length >= SMALL_BYTES || this.total === 0) this.push(part);
    else this.pack(part);
    this.total += part.length;
  }

  /** All bytes in one piece. */
  whole(): Buffer {
    return this.parts.length === 1 ? this.parts[0] : Buffer.concat(this.parts, this.total);
  }

  /** Bytes `[from, to)`: a view if one part holds them, otherwise a copy. */
  slice(from: number, to: number): Buffer {
    const end = Math.min(to, this.total);
    const pieces: Buffer[] = [];
    for (let p = this.partAt(from); p < this.parts.length && this.starts[p] < end; p++) {
      pieces.push(this.parts[p].subarray(Math.max(0, from - this.starts[p]), end - this.starts[p]));
    }
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  }

  /** The index of the first such byte at or after `from`; -1 if there is none. */
  indexOf(byte: string, from: number): number {
    for (let p = this.partAt(from); p < this.parts.length; p++) {
      const found = this.parts[p].indexOf(byte, Math.max(0, from - this.starts[p]));
      if (found >= 0) return this.starts[p] + found;
    }
    return -1;
  }

  /** The part that holds a byte. */
  private partAt(position: number): number {
    let [low, high] = [0, this.parts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= position) low = middle;
      else high = middle;
    }
    return low;
  }

  private push(part: Buffer): void {
    this.parts.push(part);
    this.starts.push(this.total);
    this.block = undefined;
  }

  private pack(part: Buffer): void {
    if (!this.block || this.parts.at(-1)!.length + part.length > this.block.length) {
      const block = Buffer.allocUnsafeSlow(Math.min(LARGEST_BLOCK_BYTES, Math.max(SMALL_BYTES, this.total)));
      this.push(block.subarray(0, 0));
      this.block = block;
    }
    const filled = this.parts.at(-1)!.length;
    this.block.set(part, filled);
    this.parts[this.parts.length - 1] = this.block.subarray(0, filled + part.length);
  }
}
