import { Problem } from '../problem/problem.js';
import { BodyParts } from './body-parts.js';
import type { BodyReader, Hold } from './http.types.js';

export type BodyReceiver = (error: Error | null, body?: BodyParts) => void;

export function tooLarge(limitBytes: number): Problem {
  return new Problem(
    'payload-too-large',
    `The body exceeds ${limitBytes} bytes, compressed or decompressed, the limit of server.bodyLimitBytes (BODY_LIMIT_BYTES); send several smaller batches.`,
  );
}

export function brokenBody(): Problem {
  return new Problem(
    'bad-request',
    'The body cannot be decompressed: it does not match its Content-Encoding, or it is incomplete.',
  );
}

/** Collects a body up to the limit, so that a decompression bomb costs no more than the limit. */
export class BodyCollector implements BodyReader {
  /** Absent once `done` has been called. */
  private body?: BodyParts = new BodyParts();

  constructor(
    private readonly limitBytes: number,
    private readonly hold: Hold | undefined,
    private readonly done: BodyReceiver,
  ) {}

  append(part: Buffer): void {
    if (!this.body) return;
    const length = this.body.length + part.length;
    const refusal = length > this.limitBytes ? tooLarge(this.limitBytes) : this.hold?.(length);
    if (refusal) this.fail(refusal);
    else this.body.append(part);
  }

  end(): void {
    const { body } = this;
    this.body = undefined;
    if (body) this.done(null, body);
  }

  fail(error = brokenBody()): void {
    if (!this.body) return;
    this.body = undefined;
    this.hold?.(0);
    this.done(error);
  }
}
