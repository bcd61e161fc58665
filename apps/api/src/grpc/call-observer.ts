/** A call that is over. */
export interface EndedCall {
  /** With its service, such as `inference.GRPCInferenceService/ModelInfer`. */
  readonly method: string;
  /** Name of its status, such as `OK`; `CANCELLED` where the caller went away before. */
  readonly code: string;
  /** From its metadata to its end. */
  readonly milliseconds: number;
}

/** Is told of every call when it is over: to log or count it. It must not throw. */
export type CallObserver = (call: EndedCall) => void;
