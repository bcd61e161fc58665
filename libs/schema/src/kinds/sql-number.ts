/** An exact float64 literal in SQL, where a bare 0.1 is a decimal. */
export const sqlNumber = (value: number): string => `'${value}'::DOUBLE`;
