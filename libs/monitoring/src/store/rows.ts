import { DAY } from '#kit';
/** Compact records of predictions, column by column: every list has one entry for each row. */
export interface PredictionRows {
  /** UUIDv7 with the time of the prediction. */
  readonly ids: readonly string[];
  /** The client's own id of the row. */
  readonly externalIds: readonly (string | null)[];
  readonly models: readonly string[];
  readonly versions: readonly string[];
  /** A class, or a number that reads back as the same float64. */
  readonly predictions: readonly string[];
  /** float32; null where a number is predicted. */
  readonly scores: readonly (number | null)[];
  /** Values of the slice columns, as a JSON object. */
  readonly slices: readonly (string | null)[];
  /** The raw row as a JSON object, where it is kept. */
  readonly raw: readonly (string | null)[];
  /** Number of rows that the sampled raw row represents; null where it is not kept. */
  readonly weights: readonly (number | null)[];
}

/** Records that can serialize themselves, faster than their lists could be built. */
export interface WrittenRows extends PredictionRows {
  /**
   * Serializes the lists as a JSON object, between two given texts. Lists that contain only `null` are omitted.
   *
   * @returns a buffer that is valid until the next call
   */
  json(before: string, after: string): Uint8Array;
}

/** Labels of predictions, column by column. */
export interface LabelRows {
  readonly ids: readonly string[];
  readonly labels: readonly string[];
  /** Milliseconds since the epoch. */
  readonly observedAt: readonly number[];
}

/** One prediction with its latest label. */
export interface StoredPrediction {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly externalId: string | null;
  readonly model: string;
  readonly version: string;
  readonly prediction: string;
  readonly score: number | null;
  readonly slices: string | null;
  readonly raw: string | null;
  readonly weight: number | null;
  readonly label: string | null;
  readonly observedAt: number | null;
}

/** The time in a UUIDv7 (RFC 9562, 5.7), in milliseconds since the epoch. */
export const timeOf = (id: string): number => parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/** How long rows, their records and their labels are kept. */
export const ROW_DAYS = 30;

export const dayOf = (time: number): number => time - (time % DAY);
