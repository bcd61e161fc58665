/** One hyperparameter: its default, and a sentence part that says what is allowed. */
export interface Rule<Value> {
  readonly standard: Value;
  readonly allowed: string;
  readonly accepts: (value: unknown) => value is Value;
}

/** A whole number. */
export const whole = (standard: number, minimum: number, maximum: number): Rule<number> => ({
  standard,
  allowed: `a whole number from ${minimum} to ${maximum}`,
  accepts: (value): value is number => Number.isInteger(value) && between(value as number, minimum, maximum),
});

export const real = (standard: number, minimum: number, maximum: number): Rule<number> => ({
  standard,
  allowed: `a number from ${minimum} to ${maximum}`,
  accepts: (value): value is number => typeof value === 'number' && between(value, minimum, maximum),
});

export const oneOf = <const Value extends string | boolean>(
  standard: Value,
  ...others: readonly Value[]
): Rule<Value> => {
  const values = [standard, ...others];
  return {
    standard,
    allowed: `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
    accepts: (value): value is Value => values.includes(value as Value),
  };
};

export const either = <A, B>(first: Rule<A>, second: Rule<B>): Rule<A | B> => ({
  standard: first.standard,
  allowed: `${first.allowed}, or ${second.allowed}`,
  accepts: (value): value is A | B => first.accepts(value) || second.accepts(value),
});

const between = (value: number, minimum: number, maximum: number): boolean => value >= minimum && value <= maximum;
