/** A float64 in SQL, exactly: a bare 0.1 would be a decimal there. */
export const sqlNumber = (value: number): string => `'${value}'::DOUBLE`;
