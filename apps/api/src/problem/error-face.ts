import type { Problem } from './problem.js';

/** How errors read on the routes of a protocol that has error bodies of its own. */
export interface ErrorFace {
  /** Whether a path belongs to the protocol. */
  owns(path: string): boolean;
  status(problem: Problem): number;
  /** The schema of {@link ErrorFace.body} in the OpenAPI document. */
  readonly schema: string;
  /** Sent as JSON. */
  body(problem: Problem): object;
}

/** The faces besides problem documents: an array of {@link ErrorFace}. */
export const ERROR_FACES = Symbol('ERROR_FACES');
