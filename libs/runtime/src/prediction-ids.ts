import { randomFillSync } from 'node:crypto';

const BYTES = 16;
const TIME_BYTES = 6;
/** Random bytes for many ids: one call for each id would cost more than a prediction. */
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

/** The encoded time, cached for a millisecond. */
let millisecond = 0;
const timeBytes = Buffer.alloc(TIME_BYTES);
let timeText = '';

function encodeTime(now: number): void {
  millisecond = now;
  timeBytes.writeUIntBE(now, 0, TIME_BYTES);
  const hex = timeBytes.toString('hex');
  timeText = `${hex.slice(0, 8)}-${hex.slice(8)}-`;
}

/** Completes the id at `at`, whose last ten bytes are random: UUIDv7 (RFC 9562, 5.7), the time and 74 random bits. */
function finish(ids: Buffer, at: number): void {
  for (let i = 0; i < TIME_BYTES; i++) ids[at + i] = timeBytes[i];
  ids[at + 6] = 0x70 | (ids[at + 6] & 0x0f);
  ids[at + 8] = 0x80 | (ids[at + 8] & 0x3f);
}

/** Generates prediction ids, 16 bytes each. */
export function mintIds(rows: number): Buffer {
  const ids = Buffer.allocUnsafe(rows * BYTES);
  fillRandomly(ids);
  const now = Date.now();
  if (now !== millisecond) encodeTime(now);
  for (let at = 0; at < ids.length; at += BYTES) finish(ids, at);
  return ids;
}

/** Ids of single predictions are generated in blocks of this size. */
const SINGLES = 256;
/** Characters of an id after its time, including dashes. */
const RANDOM_CHARACTERS = 22;
let singles: Buffer = Buffer.alloc(0);
let singleTexts = '';
let nextSingle = SINGLES;

function mintSingles(): void {
  singles = mintIds(SINGLES);
  const texts = Array.from({ length: SINGLES }, (_, row) => idText(singles, row).slice(-RANDOM_CHARACTERS));
  // A flat string: slices of a concatenated one (a rope) are slow.
  singleTexts = Buffer.from(texts.join('')).toString('latin1');
  nextSingle = 0;
}

/** Generates ids one at a time. */
export class SingleId {
  /** Bytes of the last id. */
  readonly bytes = Buffer.alloc(BYTES);

  /** @returns a new id as text */
  mint(): string {
    if (nextSingle === SINGLES) mintSingles();
    const { bytes } = this;
    const now = Date.now();
    if (now !== millisecond) encodeTime(now);
    const from = nextSingle * BYTES;
    for (let i = 0; i < TIME_BYTES; i++) bytes[i] = timeBytes[i];
    for (let i = TIME_BYTES; i < BYTES; i++) bytes[i] = singles[from + i];
    const at = nextSingle++ * RANDOM_CHARACTERS;
    return timeText + singleTexts.slice(at, at + RANDOM_CHARACTERS);
  }
}

/** The id of a row as text. */
export function idText(ids: Buffer, row: number): string {
  const hex = ids.toString('hex', row * BYTES, (row + 1) * BYTES);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
