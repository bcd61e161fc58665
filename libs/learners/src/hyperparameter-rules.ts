/** One hyperparameter: its default, and a phrase that says what is allowed. */
export interface HyperparameterRule<Value> {
  readonly defaultValue: Value;
  readonly allowed: string;
  readonly accepts: (value: unknown) => value is Value;
}

/** A whole number. */
export const whole = (defaultValue: number, minimum: number, maximum: number): HyperparameterRule<number> => ({
  defaultValue,
  allowed: `a whole number from ${minimum} to ${maximum}`,
  accepts: (value): value is number => Number.isInteger(value) && between(value as number, minimum, maximum),
});

export const real = (defaultValue: number, minimum: number, maximum: number): HyperparameterRule<number> => ({
  defaultValue,
  allowed: `a number from ${minimum} to ${maximum}`,
  accepts: (value): value is number => typeof value === 'number' && between(value, minimum, maximum),
});

export const oneOf = <const Value extends string | boolean>(
  defaultValue: Value,
  ...others: readonly Value[]
): HyperparameterRule<Value> => {
  const values = [defaultValue, ...others];
  return {
    defaultValue,
    allowed: `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
    accepts: (value): value is Value => values.includes(value as Value),
  };
};

export const either = <A, B>(
  first: HyperparameterRule<A>,
  second: HyperparameterRule<B>,
): HyperparameterRule<A | B> => ({
  defaultValue: first.defaultValue,
  allowed: `${first.allowed}, or ${second.allowed}`,
  accepts: (value): value is A | B => first.accepts(value) || second.accepts(value),
});

const between = (value: number, minimum: number, maximum: number): boolean => value >= minimum && value <= maximum;
