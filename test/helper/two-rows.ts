import { EXAMPLE } from '#testing';

/** Two rows for the default model: the README's example, and a row of the other class. */
export const OTHER = { feature_1: -0.3, feature_2: 0.8, feature_3: 0.2, feature_4: 45, feature_5: 3 };
export const ROWS = [EXAMPLE, OTHER];
export const NAMES = Object.keys(EXAMPLE) as (keyof typeof EXAMPLE)[];
