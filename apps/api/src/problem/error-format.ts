import type { Problem } from './problem.js';

/** The format of errors on the routes of a protocol with its own error bodies. */
export interface ErrorFormat {
  status(problem: Problem): number;
  /** The schema of {@link ErrorFormat.body} in the OpenAPI document. */
  readonly schema: string;
  /** Sent as JSON. */
  body(problem: Problem): object;
}
