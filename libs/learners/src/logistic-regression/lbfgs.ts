/** A smooth function: writes its gradient at `point` and returns its value. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

const MEMORY = 20;
/** Share of the decrease predicted by the slope that a step must achieve (Armijo). */
const SUFFICIENT = 1e-4;
const MAX_HALVINGS = 40;
/** Relative differences of values below this are rounding. */
const ROUNDING = 1e-14;
/** A step that promises less than this share of the value is not worth taking. */
const NEGLIGIBLE = 1e-12;

interface Change {
  readonly step: Float64Array;
  readonly ofGradient: Float64Array;
  readonly curvature: number;
}

/**
 * Minimises a convex function by L-BFGS (Nocedal, Wright: "Numerical Optimization", 2006, algorithms 7.4 and 7.5) with
 * backtracking, one iteration per `next()`. It ends when no component of the gradient exceeds `tolerance`, or no step
 * lowers the value any more.
 *
 * @param point the start; holds the best point so far after every iteration
 * @returns whether it has converged, to `tolerance` or to rounding; also yielded after each iteration
 */
export function* minimise(
  objective: Objective,
  point: Float64Array,
  tolerance: number,
): Generator<boolean, boolean, void> {
  const { length } = point;
  let gradient = new Float64Array(length);
  let value = objective(point, gradient);
  const changes: Change[] = [];
  const candidate = new Float64Array(length);
  while (largest(gradient) > tolerance) {
    const direction = descent(gradient, changes);
    const slope = dot(direction, gradient);
    const nextGradient = new Float64Array(length);
    let nextValue = Infinity;
    let size = changes.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(dot(gradient, gradient)));
    const enough = (): boolean => nextValue <= value + SUFFICIENT * size * slope + ROUNDING * Math.abs(value);
    for (let halvings = 0; halvings <= MAX_HALVINGS; halvings++, size /= 2) {
      for (let i = 0; i < length; i++) candidate[i] = point[i] + size * direction[i];
      nextValue = objective(candidate, nextGradient);
      if (enough()) break;
    }
    if (!enough()) return -slope <= NEGLIGIBLE * Math.abs(value);
    remember(changes, point, candidate, gradient, nextGradient);
    point.set(candidate);
    gradient = nextGradient;
    value = nextValue;
    yield largest(gradient) <= tolerance;
  }
  return true;
}

/** The two-loop recursion: minus the gradient times an estimate of the inverse Hessian. */
function descent(gradient: Float64Array, changes: readonly Change[]): Float64Array {
  const direction = gradient.map((value) => -value);
  const factors = changes.map(() => 0);
  for (let i = changes.length - 1; i >= 0; i--) {
    factors[i] = dot(changes[i].step, direction) / changes[i].curvature;
    addTimes(direction, changes[i].ofGradient, -factors[i]);
  }
  const last = changes.at(-1);
  if (last) scale(direction, last.curvature / dot(last.ofGradient, last.ofGradient));
  for (let i = 0; i < changes.length; i++) {
    const factor = dot(changes[i].ofGradient, direction) / changes[i].curvature;
    addTimes(direction, changes[i].step, factors[i] - factor);
  }
  return direction;
}

function remember(
  changes: Change[],
  from: Float64Array,
  to: Float64Array,
  gradient: Float64Array,
  nextGradient: Float64Array,
): void {
  const step = to.map((value, i) => value - from[i]);
  const ofGradient = nextGradient.map((value, i) => value - gradient[i]);
  const curvature = dot(step, ofGradient);
  if (curvature > 0) changes.push({ step, ofGradient, curvature });
  if (changes.length > MEMORY) changes.shift();
}

const largest = (vector: Float64Array): number => vector.reduce((max, value) => Math.max(max, Math.abs(value)), 0);

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addTimes(to: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * vector[i];
}

function scale(vector: Float64Array, factor: number): void {
  for (let i = 0; i < vector.length; i++) vector[i] *= factor;
}
