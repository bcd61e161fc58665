const DECIMALS = 1e6;

/** To 6 decimals: what float32 arithmetic holds, without its noise. */
export const roundProbability = (probability: number): number => Math.round(probability * DECIMALS) / DECIMALS;
