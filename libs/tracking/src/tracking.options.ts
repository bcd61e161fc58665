/** An MLflow tracking server, and how long to be patient with it. */
export interface TrackingServer {
  /** As in `MLFLOW_TRACKING_URI`: `http://host:5000`, with or without a path. */
  readonly uri: string;
  /** Sent with every request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long one answer may take. */
  readonly timeoutMilliseconds?: number;
  /** How often a request that met 429, 5xx or no answer is tried again. */
  readonly retries?: number;
  /** The first pause between two tries; each further one is twice as long, with jitter. */
  readonly backoffMilliseconds?: number;
  /** How long the end of a run may wait for the server in all. */
  readonly flushMilliseconds?: number;
}

export interface TrackerOptions {
  /** The local store: one folder per run. */
  readonly directory: string;
  /** Without one, records wait in the local store. */
  readonly server?: TrackingServer;
  /** When it aborts, nothing waits for the server any more: what is left goes with a later push. */
  readonly signal?: AbortSignal;
}

const PATIENCE = { timeoutMilliseconds: 10_000, retries: 3, backoffMilliseconds: 250, flushMilliseconds: 30_000 };

/** A server's settings, all of them given. */
export type PatientServer = Required<TrackingServer>;

export function withPatience(server: TrackingServer): PatientServer {
  return { ...PATIENCE, headers: {}, ...server, uri: server.uri.replace(/\/+$/, '') };
}
