import { COLUMNS } from './table.mjs';

/** Drifts of a made-up stream, from its first hour on: each alters the rows of an hour in place. */

const each = (column, of) => (drawn, _day, random) => {
  drawn.columns[column] = drawn.columns[column].map((value) => of(value, random));
};

/** Of the first column, whose standard deviation is 1. */
export const shift = (deviations) => each(0, (value) => value + deviations);
export const spread = (factor) => each(0, (value) => value * factor);
export const missing = (share) => each(0, (value, random) => (random.uniform() < share ? NaN : value));
/** A thousandfold, as of another unit, in a share of the rows of the second column. */
export const unitError = (share) => each(1, (value, random) => (random.uniform() < share ? value * 1000 : value));
/** Of the column of five categories: a value that is not in the vocabulary. */
export const unseen = (share) => each(16, (value, random) => (random.uniform() < share ? COLUMNS[16].values : value));
