import type { StepDefinition } from './step.js';

/** Rounds to the nearest whole number, ties to even (IEEE 754 roundTiesToEven). */
function roundToEven(value: number): number {
  const below = Math.floor(value);
  const beyond = value - below;
  if (beyond !== 0.5) return beyond < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** The closed list: each is the numpy function of that name. */
const FUNCTIONS = {
  abs: Math.abs,
  cbrt: Math.cbrt,
  ceil: Math.ceil,
  cos: Math.cos,
  exp: Math.exp,
  expm1: Math.expm1,
  floor: Math.floor,
  log: Math.log,
  log10: Math.log10,
  log2: Math.log2,
  negative: (value) => -value,
  reciprocal: (value) => 1 / value,
  rint: roundToEven,
  sign: Math.sign,
  sin: Math.sin,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
  trunc: Math.trunc,
} as const satisfies Record<string, (value: number) => number>;

/** Applies a function to one column. */
export interface FunctionStep {
  readonly kind: keyof typeof FUNCTIONS;
  readonly column: string;
  /** In place if not set. */
  readonly output?: string;
}

const stepOf = (apply: (value: number) => number): StepDefinition<FunctionStep> => ({
  reads: (step) => [step.column],
  writes: (step) => [step.output ?? step.column],
  fit: (step) => step,
  bind(step, column) {
    const from = column(step.column);
    const to = column(step.output ?? step.column);
    return (rows) => {
      for (let i = 0; i < rows; i++) to[i] = apply(from[i]);
    };
  },
});

export const functionSteps = Object.fromEntries(
  Object.entries(FUNCTIONS).map(([name, apply]) => [name, stepOf(apply)]),
) as Readonly<Record<FunctionStep['kind'], StepDefinition<FunctionStep>>>;
