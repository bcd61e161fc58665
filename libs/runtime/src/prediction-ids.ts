import { randomFillSync } from 'node:crypto';

const BYTES = 16;
/** Random bytes of many ids at once: a call for those of one costs more than a prediction. */
const pool = Buffer.alloc(256 * BYTES);
let used = pool.length;

function fillRandomly(ids: Buffer): void {
  if (ids.length > pool.length) return void randomFillSync(ids);
  if (used + ids.length > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  pool.copy(ids, 0, used, used + ids.length);
  used += ids.length;
}

/** New ids of so many predictions, 16 bytes each: UUIDv7 (RFC 9562, 5.7), the time and 74 random bits. */
export function mintIds(rows: number): Buffer {
  const ids = Buffer.allocUnsafe(rows * BYTES);
  fillRandomly(ids);
  const now = Date.now();
  for (let at = 0; at < ids.length; at += BYTES) {
    ids.writeUIntBE(now, at, 6);
    ids[at + 6] = 0x70 | (ids[at + 6] & 0x0f);
    ids[at + 8] = 0x80 | (ids[at + 8] & 0x3f);
  }
  return ids;
}

/** The id of a row, as text. */
export function idText(ids: Buffer, row: number): string {
  const hex = ids.toString('hex', row * BYTES, (row + 1) * BYTES);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
