/** An MLflow tracking server, its timeouts and retries. */
export interface TrackingServer {
  /** As in `MLFLOW_TRACKING_URI`: `http://host:5000`, with or without a path. */
  readonly uri: string;
  /** Headers of every request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Timeout of one request. */
  readonly timeoutMilliseconds?: number;
  /** Retries of a request after 429, 5xx or no response. */
  readonly retries?: number;
  /** The first pause between retries; it doubles each time, with jitter. */
  readonly backoffMilliseconds?: number;
  /** How long the end of a run may wait for the server in total. */
  readonly flushMilliseconds?: number;
}

export interface TrackerOptions {
  /** The local store: one folder per run. */
  readonly directory: string;
  /** Absent: records stay in the local store. */
  readonly server?: TrackingServer;
  /** Aborting it stops all waiting for the server; what is left is sent by a later push. */
  readonly signal?: AbortSignal;
}

const PATIENCE = { timeoutMilliseconds: 10_000, retries: 3, backoffMilliseconds: 250, flushMilliseconds: 30_000 };

/** A server's settings with all defaults filled in. */
export type PatientServer = Required<TrackingServer>;

export function withPatience(server: TrackingServer): PatientServer {
  return { ...PATIENCE, headers: {}, ...server, uri: server.uri.replace(/\/+$/, '') };
}
