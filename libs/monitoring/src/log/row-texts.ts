import { kindOf, type RawSchema } from '#schema';

/** What is kept of rows beside their records. */
export interface KeepRules {
  /** Raw rows: none, a sample, or all. */
  readonly rows: 'off' | 'sample' | 'all';
  /** Of rows that a sample keeps, 0 to 1. */
  readonly share: number;
  /** Columns whose values are in the record: quality is told apart by them. */
  readonly slices: readonly string[];
  /** Columns that are never kept. */
  readonly excluded: readonly string[];
}

export const MAX_SLICES = 4;

export const KEEP_NOTHING: KeepRules = { rows: 'off', share: 1, slices: [], excluded: [] };

type Columns = readonly ArrayLike<number>[];
type Writer = (columns: Columns, row: number) => string;

const jsonOf = (value: unknown): string => (Object.is(value, -0) ? '-0' : JSON.stringify(value));

/** Writes some columns of rows as JSON objects: what each number stands for, so that it reads back as the same number. */
function writerOf(inputs: RawSchema, isKept: (name: string) => boolean): Writer | undefined {
  const kept = inputs.flatMap((column, c) => {
    if (!isKept(column.name)) return [];
    const { toValue } = kindOf(column).reader(column, { marksUnknown: true });
    return [{ c, toValue, start: `${JSON.stringify(column.name)}:` }];
  });
  if (kept.length === 0) return undefined;
  return (columns, row) =>
    `{${kept.map(({ c, toValue, start }) => start + jsonOf(toValue(columns[c][row]))).join(',')}}`;
}

/** Chance of an id by its last four bytes, which are random in a UUIDv7: whoever asks gets the same answer. */
const chanceOf = (ids: Buffer, row: number): number => ids.readUInt32BE(row * 16 + 12) / 2 ** 32;

/** What is kept of the rows of a version beside their records. */
export class RowTexts {
  /** Values of the slice columns. */
  readonly slices: Writer | undefined;
  private readonly raw: Writer | undefined;
  private readonly share: number;

  constructor(inputs: RawSchema, { rows, share, slices, excluded }: KeepRules) {
    const own = slices.slice(0, MAX_SLICES);
    this.slices = writerOf(inputs, (name) => own.includes(name) && !excluded.includes(name));
    this.raw = rows === 'off' ? undefined : writerOf(inputs, (name) => !excluded.includes(name));
    this.share = rows === 'sample' ? share : 1;
  }

  /** Whether nothing is kept, so that columns may go at once. */
  get isNothing(): boolean {
    return !this.slices && !this.raw;
  }

  get keepsRaw(): boolean {
    return this.raw !== undefined;
  }

  /** The raw row and how many it stands for; none where it is not kept. */
  rawOf(columns: Columns, row: number, ids: Buffer): { readonly raw: string; readonly weight: number } | undefined {
    if (!this.raw || chanceOf(ids, row) >= this.share) return undefined;
    return { raw: this.raw(columns, row), weight: 1 / this.share };
  }

  /** Rows of these that a sample leaves out. */
  leftOut(ids: Buffer, rows: number): number {
    if (!this.raw || this.share === 1) return 0;
    let count = 0;
    for (let row = 0; row < rows; row++) if (chanceOf(ids, row) >= this.share) count++;
    return count;
  }
}
