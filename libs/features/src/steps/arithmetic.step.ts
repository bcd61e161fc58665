import type { StepDefinition } from './step.js';

const OPERATORS = {
  add: (left, right) => left + right,
  subtract: (left, right) => left - right,
  multiply: (left, right) => left * right,
  divide: (left, right) => left / right,
  minimum: (left, right) => Math.min(left, right),
  maximum: (left, right) => Math.max(left, right),
} as const satisfies Record<string, (left: number, right: number) => number>;

/** Combines two columns, or a column and a number (the numpy function of that name). */
export interface ArithmeticStep {
  readonly kind: 'arithmetic';
  readonly operator: keyof typeof OPERATORS;
  /** A column's name, or a number. */
  readonly left: string | number;
  readonly right: string | number;
  readonly output: string;
}

const isName = (operand: string | number): operand is string => typeof operand === 'string';

export const arithmetic: StepDefinition<ArithmeticStep> = {
  reads: (step) => [step.left, step.right].filter(isName),
  writes: (step) => [step.output],
  flaw: (step) => (isName(step.left) || isName(step.right) ? undefined : 'two numbers need no step; name a column'),
  fit: (step) => step,
  bind(step, column) {
    const apply: (left: number, right: number) => number = OPERATORS[step.operator];
    const to = column(step.output);
    const valuesOf = (operand: string | number): Float64Array =>
      isName(operand) ? column(operand) : new Float64Array(to.length).fill(operand);
    const left = valuesOf(step.left);
    const right = valuesOf(step.right);
    return (rows) => {
      for (let i = 0; i < rows; i++) to[i] = apply(left[i], right[i]);
    };
  },
};
