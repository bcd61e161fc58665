import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { NAMES, ROWS } from './two-rows.js';

/** The two rows in each batch format, and the default model's answers to them. */

export const ARROW = 'application/vnd.apache.arrow.stream';
export const NDJSON = 'application/x-ndjson';
export const COLUMNS = Object.fromEntries(NAMES.map((name) => [name, ROWS.map((row) => row[name])]));
export const CSV = [NAMES, ...ROWS.map((row) => Object.values(row))].map((cells) => cells.join(',')).join('\n');
export const LINES = ROWS.map((row) => JSON.stringify(row)).join('\n');
export const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
/** UUIDv7. */
export const prediction_id = expect.stringMatching(
  /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
) as string;
export const ANSWERS = [
  { prediction: 1, probability: 1, model_version: 'random_forest:1', timestamp, prediction_id },
  { prediction: 0, probability: 0.05, model_version: 'random_forest:1', timestamp, prediction_id },
];

export const arrowOf = (columns: object): Uint8Array =>
  tableToIPC(tableFromArrays(columns as Record<string, number[]>), 'stream');

export const linesOf = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
