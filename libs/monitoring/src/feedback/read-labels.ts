import { type Options, parse } from 'csv-parse';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { csvFault } from '#schema';
import { InputError } from '#kit';

const SLICE_BYTES = 16_384;
const COLUMNS = ['prediction_id', 'external_id', 'label', 'observed_at'];

/** Labels that came as lines. */
export interface LabelLines {
  readonly labels: readonly unknown[];
  /** The lines on which the first `count` labels end, from 1. */
  readonly linesOf: (count: number) => Promise<readonly number[]>;
}

/**
 * Reads labels from CSV. The header names `prediction_id` or `external_id`, `label`, and optionally `observed_at`.
 *
 * @throws InputError where the header names other columns, or a line is malformed
 */
export async function readLabelCsv(text: Buffer): Promise<LabelLines> {
  const labels: unknown[] = [];
  try {
    await eachLabel(text, {}, (label) => labels.push(label));
  } catch (error) {
    throw error instanceof InputError ? error : new InputError(`The labels are not valid CSV: ${csvFault(error)}.`);
  }
  return { labels, linesOf: (count) => linesOf(text, count) };
}

async function eachLabel(text: Buffer, options: Options, take: (label: unknown) => void): Promise<void> {
  const parser = parse({ bom: true, skip_empty_lines: true, columns: checkHeader, ...options });
  for await (const label of Readable.from(slices(text)).compose(parser)) take(label);
}

/** Read once more, because the parser takes half as long again where it says lines, and few files have faults. */
async function linesOf(text: Buffer, count: number): Promise<number[]> {
  const lines: number[] = [];
  const on_record = (_label: unknown, { lines: line }: { readonly lines: number }): null => {
    lines.push(line);
    return null;
  };
  await eachLabel(text, { to: count, on_record }, () => undefined);
  return lines;
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
