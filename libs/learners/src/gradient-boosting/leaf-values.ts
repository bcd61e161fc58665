/** Leaf values and initial margins are multiples of this. */
const STEP = 2 ** -14;
/** The limit of the sum of leaf values on a row's path; with the initial margin it stays below 2^24 steps. */
const MAX_SUM = 1_000;

/**
 * The nearest margin whose float32 sums are exact. ONNX Runtime adds in float32; sums of such values are exact in any
 * order, so a served model decides as the trained one did on every row.
 */
export const exactMargin = (margin: number): number => Math.round(margin / STEP) * STEP;

/** The same for a leaf value, of which a row adds up at most `rounds`. */
export function exactLeafValue(value: number, rounds: number): number {
  const limit = Math.floor(MAX_SUM / rounds / STEP) * STEP;
  return Math.max(-limit, Math.min(limit, exactMargin(value)));
}

/** For a regression, whose targets are at most 1: float64 sums stay exact up to 8,192. */
const VALUE_STEP = 2 ** -40;

/** The nearest leaf value whose float64 sums are exact. */
export const exactValue = (value: number): number => Math.round(value / VALUE_STEP) * VALUE_STEP;
