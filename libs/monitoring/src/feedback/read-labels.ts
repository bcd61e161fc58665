import { parse } from 'csv-parse';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { csvFault } from '#schema';
import { InputError } from '#kit';
import type { LabelInput } from './take-labels.js';

const SLICE_BYTES = 16_384;
const COLUMNS = ['prediction_id', 'external_id', 'label', 'observed_at'];

/**
 * Reads labels from CSV. The header names `prediction_id` or `external_id`, `label`, and optionally `observed_at`.
 *
 * @throws InputError where the header names other columns, or a line is malformed
 */
export async function readLabelCsv(text: Buffer): Promise<LabelInput[]> {
  const labels: LabelInput[] = [];
  const parser = parse({ bom: true, skip_empty_lines: true, columns: checkHeader });
  try {
    for await (const label of Readable.from(slices(text)).compose(parser)) labels.push(label as LabelInput);
  } catch (error) {
    throw error instanceof InputError ? error : new InputError(`The labels are not valid CSV: ${csvFault(error)}.`);
  }
  return labels;
}

function checkHeader(names: string[]): string[] {
  const isRight = names.includes('label') && (names.includes('prediction_id') || names.includes('external_id'));
  const other = names.find((name) => !COLUMNS.includes(name));
  if (isRight && other === undefined) return names;
  throw new InputError(
    `The header must name prediction_id or external_id, label and, optionally, observed_at; it names ${other ?? (names.join(', ') || 'nothing')}.`,
  );
}

/** Yields to the event loop after each slice. */
async function* slices(text: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < text.length; from += SLICE_BYTES) {
    yield text.subarray(from, from + SLICE_BYTES);
    await turn();
  }
}
