/** Leaf values and starting margins are multiples of this. */
const STEP = 2 ** -14;
/** What all values on a row's way may add up to at most, the start aside: with it below 2^24 steps. */
const MAX_SUM = 1_000;

/**
 * The nearest margin that a float32 sum keeps exactly: ONNX Runtime adds up in float32, and sums of such values are
 * exact in any order, so a served model decides as the trained one did on every row.
 */
export const exactMargin = (margin: number): number => Math.round(margin / STEP) * STEP;

/** The same for a leaf's value, of which a row meets at most `rounds`. */
export function exactLeafValue(value: number, rounds: number): number {
  const limit = Math.floor(MAX_SUM / rounds / STEP) * STEP;
  return Math.max(-limit, Math.min(limit, exactMargin(value)));
}

/** Of a regression, whose targets are at most 1: sums stay exact in float64 up to 8,192. */
const VALUE_STEP = 2 ** -40;

/** The nearest leaf value that a float64 sum keeps exactly. */
export const exactValue = (value: number): number => Math.round(value / VALUE_STEP) * VALUE_STEP;
