import { logIncompleteBeta } from '../exact/incomplete-beta.js';

/**
 * ln P(|T| >= |t|) for T of Student's t distribution.
 *
 * @param degrees more than 0, need not be whole
 */
export function logStudentTails(t: number, degrees: number): number {
  const square = t * t;
  if (square === 0) return 0;
  if (square === Infinity) return -Infinity;
  return logIncompleteBeta(degrees / 2, 0.5, degrees / (degrees + square), square / (degrees + square));
}
