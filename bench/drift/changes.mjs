import { COLUMNS } from './table.mjs';

/** Drifts of a made-up stream: a share of the rows of one column has another value instead. */
const change = (column, share, of) => ({ column, share, of });

/** Of the first column, whose standard deviation is 1. */
export const shift = (deviations) => change(0, 1, (value) => value + deviations);
export const spread = (factor) => change(0, 1, (value) => value * factor);
export const missing = (share) => change(0, share, () => NaN);
/** A thousandfold, as of another unit, in a share of the rows of the second column. */
export const unitError = (share) => change(1, share, (value) => value * 1_000);
/** Of the column of five categories: a value that is not in the vocabulary. */
export const unseen = (share) => change(16, share, () => COLUMNS[16].values);
