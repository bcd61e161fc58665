import { PROBLEM_TYPES, type ProblemType } from './problem-types.js';

/** One fault of an input: its path, the expected value, the received value. */
export interface Fault {
  /** Path in the body, such as `instances[3].feature_4`; empty for the body itself. */
  readonly path: string;
  readonly expected: string;
  readonly received: unknown;
}

/** A body of `application/problem+json` (RFC 9457). */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly request_id?: string;
  readonly errors?: readonly Fault[];
  readonly errors_total?: number;
}

/** An error that has an entry in the table of problem types. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly type: ProblemType,
    /** What is wrong with this request, and how to fix it. */
    readonly detail: string,
    readonly extension: Pick<ProblemDocument, 'errors' | 'errors_total'> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
  }

  get status(): number {
    return PROBLEM_TYPES[this.type].status;
  }

  /** @param occurrence the request's path and id, if the request could be read */
  toDocument(occurrence: Pick<ProblemDocument, 'instance' | 'request_id'> = {}): ProblemDocument {
    const { status, title } = PROBLEM_TYPES[this.type];
    return {
      type: `urn:skewless:problem:${this.type}`,
      title,
      status,
      detail: this.detail,
      ...occurrence,
      ...this.extension,
    };
  }
}
