import { JsonMemory } from '#kernels';

/** One field of a row: all bytes before its value in a text without blanks, and the rules of its column. */
interface KernelField {
  readonly before: Buffer;
  readonly column: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly isWhole: boolean;
  readonly nullable: boolean;
  /** Whether its values are looked up among those that were remembered: they are no plain numbers. */
  readonly isToken: boolean;
}

/** What rows look like; known by its identity. */
export interface KernelPlan {
  readonly fields: readonly KernelField[];
  /** Under which tokens of its first column are remembered: {@link tokenColumns}. */
  readonly firstColumn: number;
  /** Columns of a row; NaN where no field is one. */
  readonly width: number;
}

/** Places in its memory; those of powers are known to the kernel's source. Behind the end is what stopped it. */
const [END, TENS, FIVES, WINDOW] = [8, 64, 256, 4_096];
const WINDOW_BYTES = 65_536;
/** Behind a text: the zero that ends it, and what is read ahead. */
const PADDING = 64;
/** Of tokens. It grows with them, up to 2.5 MiB; the plan stands behind it. */
const TABLE = WINDOW + WINDOW_BYTES + PADDING;
const SLOT_BYTES = 40;
const [FEWEST_SLOTS, MOST_SLOTS] = [1_024, 65_536];
const FIELD_BYTES = 32;
const [NULLABLE, WHOLE, TOKEN] = [1, 2, 4];
/** Values that are read at a time, where a row has no more. */
const MOST_VALUES = 32_768;
const [LARGEST_TEN, LARGEST_FIVE] = [22, 80];

/** The first 128 bits of a power of five, as the algorithm wants them (Lemire, "Number parsing at a gigabyte per second"). */
function bitsOfFive(power: number): bigint {
  const five = 5n ** BigInt(Math.abs(power));
  const length = BigInt(five.toString(2).length);
  if (power >= 0) return length <= 128n ? five << (128n - length) : five >> (length - 128n);
  return (1n << (length + 127n)) / five + (power >= -27 ? 1n : 0n);
}

/** Reads many rows of a JSON text at once, in WebAssembly. Each process has one, which is given the plan of whoever asks. */
class RowKernel {
  /** Numbers of the rows read last, row by row. */
  values: Float64Array = new Float64Array(0);
  private readonly memory = new JsonMemory();
  private plan?: KernelPlan;
  private asked?: KernelPlan;
  private most = 0;
  private slots = FEWEST_SLOTS;
  /** Of which a part is in the window. */
  private text?: Uint8Array;
  private start = 0;
  private stop = 0;

  constructor() {
    this.emptyTable();
    const { bytes } = this.memory;
    for (let i = 0; i <= LARGEST_TEN; i++) bytes.writeDoubleLE(Number(`1e${i}`), TENS + 8 * i);
    for (let power = -LARGEST_FIVE, at = FIVES; power <= LARGEST_FIVE; power++, at += 16) {
      const bits = bitsOfFive(power);
      bytes.writeBigUInt64LE(bits >> 64n, at);
      bytes.writeBigUInt64LE(BigInt.asUintN(64, bits), at + 8);
    }
  }

  /**
   * Reads rows from `at` on, with commas between, until one does not fit the plan or goes on behind the bytes.
   *
   * @param text does not change while it is read
   * @returns how many; their numbers are in `values`
   */
  read(plan: KernelPlan, text: Uint8Array, at: number): number {
    if (plan !== this.plan) this.take(plan);
    const isHeld = text === this.text && at >= this.start && at < this.stop;
    if (!isHeld) this.load(text, at);
    const rows = this.readHeld(plan, at);
    // Rows that do not fit must not have the window moved for each of them.
    const isCut = this.stop < text.length && this.stop - at < WINDOW_BYTES / 2;
    if (rows > 0 || !isHeld || !isCut) return rows;
    this.load(text, at);
    return this.readHeld(plan, at);
  }

  /** Whether the kernel has this plan, or was asked the same before: plans that take turns would be loaded for each row. */
  isWorth(plan: KernelPlan): boolean {
    const isWorth = plan === this.plan || plan === this.asked;
    this.asked = plan;
    return isWorth;
  }

  /** Where the last row ended that was read. */
  get end(): number {
    return this.start + this.memory.bytes.readInt32LE(END) - WINDOW;
  }

  /** The column of the token that stopped it, as it is not known; -1 where it was something else. */
  get unknownColumn(): number {
    return this.memory.bytes.readInt32LE(END + 4);
  }

  /** Where this token begins. */
  get unknownAt(): number {
    return this.start + this.memory.bytes.readInt32LE(END + 8) - WINDOW;
  }

  /**
   * Reads a token of a column as this number from now on, for the plan that was read by last.
   *
   * @returns whether it does: some are too long, or have escapes
   */
  remember(plan: KernelPlan, column: number, text: Uint8Array, at: number, end: number, number: number): boolean {
    if (plan !== this.plan || text !== this.text || at < this.start || end > this.stop) return false;
    const place = WINDOW - this.start;
    const remembered = this.memory.kernels.remember(plan.firstColumn + column, at + place, end + place, number);
    if (remembered >= 0) return remembered > 0;
    this.slots = Math.min(MOST_SLOTS, this.slots * 2);
    this.emptyTable();
    return false;
  }

  /** Where the plan stands. */
  private get place(): number {
    return TABLE + this.slots * SLOT_BYTES;
  }

  /** Tokens are remembered anew as they come: those that are no longer sent go by it. */
  private emptyTable(): void {
    this.memory.reserve(this.place);
    this.memory.kernels.tokens(TABLE, this.slots);
    this.plan = undefined;
  }

  private readHeld({ fields, width, firstColumn }: KernelPlan, at: number): number {
    const { most, start, values } = this;
    const place = at - start + WINDOW;
    const { kernels } = this.memory;
    return kernels.rows(this.place, fields.length, place, values.byteOffset, width, most, firstColumn, END);
  }

  private load(text: Uint8Array, at: number): void {
    this.text = text;
    this.start = at;
    this.stop = Math.min(text.length, at + WINDOW_BYTES);
    const { bytes } = this.memory;
    bytes.set(at === 0 && this.stop === text.length ? text : text.subarray(at, this.stop), WINDOW);
    bytes[WINDOW + this.stop - at] = 0;
  }

  private take(plan: KernelPlan): void {
    const { fields, width } = plan;
    this.most = Math.max(1, Math.floor(MOST_VALUES / width));
    const texts = this.place + fields.length * FIELD_BYTES;
    // What is before a value is compared eight bytes at a time.
    const textBytes = fields.reduce((sum, { before }) => sum + before.length, 8);
    const values = Math.ceil((texts + textBytes) / 8) * 8;
    this.memory.reserve(values + this.most * width * 8);
    const { bytes } = this.memory;
    let text = texts;
    fields.forEach(({ before, column, minimum, maximum, isWhole, nullable, isToken }, f) => {
      const at = this.place + f * FIELD_BYTES;
      bytes.set(before, text);
      bytes.writeUInt32LE(text, at);
      bytes.writeUInt32LE(before.length, at + 4);
      bytes.writeUInt32LE(column, at + 8);
      bytes.writeUInt32LE((nullable ? NULLABLE : 0) | (isWhole ? WHOLE : 0) | (isToken ? TOKEN : 0), at + 12);
      bytes.writeDoubleLE(minimum, at + 16);
      bytes.writeDoubleLE(maximum, at + 24);
      text += before.length;
    });
    this.values = new Float64Array(bytes.buffer, values, this.most * width);
    if (fields.length < width) this.values.fill(NaN);
    this.plan = plan;
  }
}

let columns = 0;

/** Numbers for the tokens of so many columns, which no others have: other readers may make another number of the same token. */
export function tokenColumns(count: number): number {
  columns += count;
  return columns - count;
}

let kernel: RowKernel | undefined;

/** The kernel of this process; made when it is first asked for, as few need it. */
export const rowKernel = (): RowKernel => (kernel ??= new RowKernel());
