import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const GOLDEN = join(process.cwd(), 'test/fixtures/golden');

export const readGolden = (file: string): string => readFileSync(join(GOLDEN, file), 'utf8');

/** One line of predictions.jsonl: the original's answer, or its error. */
export interface RecordedRow {
  readonly kind: string;
  readonly input: Record<string, number>;
  readonly features?: (number | string)[];
  readonly prediction: number;
  readonly proba: [number, number];
  readonly error?: string;
}

export const recordedRows = (): RecordedRow[] =>
  readGolden('predictions.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedRow);

/** A request to the original service, and its response. */
export interface RecordedExchange {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Record<string, string>;
    readonly body: string | null;
  };
  readonly status: number;
  readonly body: string;
}

export const recordedExchanges = (): Record<string, RecordedExchange> =>
  JSON.parse(readGolden('original_responses.json')) as Record<string, RecordedExchange>;

/** The example row of the original's README. */
export const EXAMPLE = { feature_1: 0.5, feature_2: 1.2, feature_3: -0.3, feature_4: 75.5, feature_5: 5 };
