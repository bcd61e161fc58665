import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError, storageFailure, writtenWhole } from '#kit';
import { kindOf } from '#schema';
import { writeTable } from '#tables';
import { COLUMNS } from './data-recipe.js';
import { checkDrift } from './drift.js';
import { rowBatches, type RowBatch, type RowOptions } from './row-batches.js';

export interface GenerateOptions extends RowOptions {
  /** The file to write: Parquet by its extension, else CSV. An existing one is replaced. */
  readonly output: string;
}

export interface GenerateHooks {
  readonly signal?: AbortSignal;
  /** Called from time to time with the number of rows generated. */
  readonly onProgress?: (rows: number) => void;
}

const PROGRESS_ROWS = 131_072;

const WRITTEN = [
  ...COLUMNS.map((column) => ({ name: column.name, isWhole: kindOf(column).isWhole })),
  { name: 'target', isWhole: true },
];

function checkOptions({ rows, seed, drift, labelNoise }: GenerateOptions): void {
  if (!Number.isSafeInteger(rows) || rows < 1) throw new InputError('The number of rows must be whole and at least 1.');
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InputError('The seed must be a whole number of at least 0.');
  if (!(labelNoise >= 0 && labelNoise <= 1))
    throw new InputError('The label noise is a share of the rows, from 0 to 1.');
  if (drift) checkDrift(drift);
}

function* watched(
  batches: Iterable<RowBatch>,
  { signal, onProgress }: GenerateHooks,
): Generator<ArrayLike<number>[], undefined> {
  let made = 0;
  for (const batch of batches) {
    signal?.throwIfAborted();
    const { rows, features, target } = batch;
    yield [...features, target].map((values) => values.subarray(0, rows));
    made += rows;
    if (made % PROGRESS_ROWS === 0) onProgress?.(made);
  }
  signal?.throwIfAborted();
  onProgress?.(made);
}

/**
 * Writes rows like those of the golden data set. Deterministic; the file is written atomically.
 *
 * @throws InputError on invalid options
 * @throws the signal's reason when it aborts; nothing is left behind
 */
export async function generateData(options: GenerateOptions, hooks: GenerateHooks = {}): Promise<void> {
  checkOptions(options);
  hooks.signal?.throwIfAborted();
  const { output } = options;
  const format = output.endsWith('.parquet') ? 'parquet' : 'csv';
  try {
    await mkdir(dirname(output), { recursive: true });
    const batches = watched(rowBatches(options), hooks);
    await writtenWhole(output, (temporary) => writeTable(temporary, format, WRITTEN, batches));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (storageFailure(error)) throw error;
    if (typeof code === 'string' || message.startsWith('IO Error'))
      throw new InputError(`${output} cannot be written: ${message}.`);
    throw error;
  }
}
