/** Limits for calls of one kind. */
export interface CallBounds {
  /** Messages that the client may send. */
  readonly messages: number;
  /** Bytes of all messages, compressed and decompressed. */
  readonly bytes: number;
  /** How long the call may be open; for a single message: until it is complete, and then until its answer is read. */
  readonly seconds: number;
  /** How many may be open at once in this process; calls that run a model are limited by {@link Admission}. */
  readonly atOnce: number;
  /** Whether the call stays open for several answers. */
  readonly isStream: boolean;
  /** Settings that set the limits, as error messages name them. */
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

/** Names and queries are short. */
const SHORT_BYTES = 65_536;
const HOUR_SECONDS = 3_600;

const BYTES = 'server.bodyLimitBytes (BODY_LIMIT_BYTES)';
const SECONDS = 'server.requestTimeoutSeconds (REQUEST_TIMEOUT_SECONDS)';
const AT_ONCE = 'server.maxConnections (MAX_CONNECTIONS)';

/** Returns the limits of a call by its path. */
export function boundsOf({ messageLimitBytes, requestTimeoutSeconds: seconds, maxConnections }: GrpcLimits) {
  const bytes = Math.min(SHORT_BYTES, messageLimitBytes);
  const setBy = { seconds: SECONDS, atOnce: AT_ONCE };
  const other: CallBounds = { messages: 1, bytes, seconds, atOnce: maxConnections, isStream: false, setBy };
  const infer: CallBounds = { ...other, bytes: messageLimitBytes, setBy: { ...setBy, bytes: BYTES } };
  // A live watcher calls again; a dead one may never have closed its connection.
  const watch: CallBounds = { ...other, seconds: HOUR_SECONDS, atOnce: 500, isStream: true, setBy: {} };
  const reflection: CallBounds = { ...other, messages: 100, atOnce: 50, isStream: true, setBy: { seconds: SECONDS } };
  return (path: string): CallBounds => {
    if (path === INFER) return infer;
    if (path === WATCH) return watch;
    return path.startsWith(REFLECTION) ? reflection : other;
  };
}
