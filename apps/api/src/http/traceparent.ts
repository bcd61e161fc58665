import { randomBytes } from 'node:crypto';

/** W3C Trace Context, version 00: trace id, parent id, flags. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** A span, in lower-case hexadecimal. */
export interface Traceparent {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: string;
}

/** Reads a `traceparent` header; `undefined` if it is absent or invalid. */
export function readTraceparent(header: string | string[] | undefined): Traceparent | undefined {
  const found = header === undefined ? null : TRACEPARENT.exec(header as string);
  return found ? { traceId: found[1], spanId: found[2], flags: found[3] } : undefined;
}

export function writeTraceparent({ traceId, spanId, flags }: Traceparent): string {
  return `00-${traceId}-${spanId}-${flags}`;
}

/** The `traceparent` of a new span of ours in the caller's trace. */
export function continued(caller: Traceparent): string {
  return writeTraceparent({ ...caller, spanId: randomBytes(8).toString('hex') });
}
