/** A change of a figure, as the table of faults tells it: with its sign. */
export const signed = (change: number, digits = 0): string => `${change < 0 ? '' : '+'}${change.toFixed(digits)}`;
