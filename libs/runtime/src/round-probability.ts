const DECIMALS = 1e6;

/** Rounds to 6 decimals, the precision of float32 arithmetic. */
export const roundProbability = (probability: number): number => Math.round(probability * DECIMALS) / DECIMALS;
