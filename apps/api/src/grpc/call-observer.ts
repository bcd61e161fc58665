import type { Arm } from '#registry';

/** A call that is over. */
export interface EndedCall {
  /** Free of quotes, backslashes and control characters. */
  readonly requestId: string;
  /** Lower-case hexadecimal, where the caller sent a trace or one is made. */
  readonly traceId?: string;
  /** Who called, where that is proven. */
  readonly caller?: string;
  /** With its service, such as `inference.GRPCInferenceService/ModelInfer`. */
  readonly method: string;
  /** Name of its status, such as `OK`; `CANCELLED` where the caller went away before. */
  readonly code: string;
  /** Which side of a rollout answered it, while one is under way. */
  readonly arm?: Arm;
  /** From its metadata to its end. */
  readonly milliseconds: number;
}

/** Is notified of every call, to log or count it. It must not throw. */
export interface CallObserver {
  began?(): void;
  ended(call: EndedCall): void;
}
