import { Problem } from '../../../problem/problem.js';

export const malformed = (what: string): Problem =>
  new Problem('bad-request', `The body is not an Arrow IPC stream of columns: ${what}.`);
