import { Problem } from '../../../problem/problem.js';

export const malformed = (what: string): Problem =>
  new Problem('bad-request', `The body is no Arrow IPC stream of columns: ${what}.`);
