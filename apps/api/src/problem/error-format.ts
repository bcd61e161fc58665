import type { Problem } from './problem.js';

/** How errors read on the routes of a protocol that has error bodies of its own. */
export interface ErrorFormat {
  status(problem: Problem): number;
  /** The schema of {@link ErrorFormat.body} in the OpenAPI document. */
  readonly schema: string;
  /** Sent as JSON. */
  body(problem: Problem): object;
}
