import type { Arm } from '#registry';

/** A call that has ended. */
export interface EndedCall {
  /** Free of quotes, backslashes and control characters. */
  readonly requestId: string;
  /** Lower-case hexadecimal; present if the caller sent a trace or tracing is on. */
  readonly traceId?: string;
  /** The authenticated caller. */
  readonly caller?: string;
  /** With its service, such as `inference.GRPCInferenceService/ModelInfer`. */
  readonly method: string;
  /** Name of its status, such as `OK`; `CANCELLED` if the caller disconnected first. */
  readonly code: string;
  /** Which side of a rollout answered it, while one is in progress. */
  readonly arm?: Arm;
  /** From its metadata to its end. */
  readonly milliseconds: number;
}

/** Is notified of every call, to log or count it. It must not throw. */
export interface CallObserver {
  began?(): void;
  ended(call: EndedCall): void;
}
