/** What calls of one kind may take. */
export interface CallBounds {
  /** Messages that the client may send. */
  readonly messages: number;
  /** Bytes of all of them, packed and unpacked. */
  readonly bytes: number;
  /** How long it may be open; of a single message: until it is whole, and then until its answer is taken. */
  readonly seconds: number;
  /** How many may be open at once in this process; what takes a model's time is bounded by its {@link Admission}. */
  readonly atOnce: number;
  /** Whether it stays open to answer more than once. */
  readonly isStream: boolean;
  /** Settings that bound it, as messages name them. */
  readonly setBy: { readonly bytes?: string; readonly seconds?: string; readonly atOnce?: string };
}

export interface GrpcLimits {
  readonly messageLimitBytes: number;
  readonly requestTimeoutSeconds: number;
  readonly maxConnections: number;
}

export const INFER = '/inference.GRPCInferenceService/ModelInfer';
const WATCH = '/grpc.health.v1.Health/Watch';
const REFLECTION = '/grpc.reflection.';

/** Names and questions are short. */
const SHORT_BYTES = 65_536;
const HOUR_SECONDS = 3_600;

const BYTES = 'server.bodyLimitBytes (BODY_LIMIT_BYTES)';
const SECONDS = 'server.requestTimeoutSeconds (REQUEST_TIMEOUT_SECONDS)';
const AT_ONCE = 'server.maxConnections (MAX_CONNECTIONS)';

/** Finds what a call may take by its path. */
export function boundsOf({ messageLimitBytes, requestTimeoutSeconds: seconds, maxConnections }: GrpcLimits) {
  const bytes = Math.min(SHORT_BYTES, messageLimitBytes);
  const setBy = { seconds: SECONDS, atOnce: AT_ONCE };
  const other: CallBounds = { messages: 1, bytes, seconds, atOnce: maxConnections, isStream: false, setBy };
  const infer: CallBounds = { ...other, bytes: messageLimitBytes, setBy: { ...setBy, bytes: BYTES } };
  // Whoever watches asks again, or is gone without having said so.
  const watch: CallBounds = { ...other, seconds: HOUR_SECONDS, atOnce: 500, isStream: true, setBy: {} };
  const reflection: CallBounds = { ...other, messages: 100, atOnce: 50, isStream: true, setBy: { seconds: SECONDS } };
  return (path: string): CallBounds => {
    if (path === INFER) return infer;
    if (path === WATCH) return watch;
    return path.startsWith(REFLECTION) ? reflection : other;
  };
}
