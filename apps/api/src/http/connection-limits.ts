/** Limits for a client before it has sent a complete request. */
export interface ConnectionLimits {
  /** Time limits for the header fields and for the whole request; slower requests get 408. */
  readonly headersTimeoutSeconds: number;
  readonly requestTimeoutSeconds: number;
  /** How long an idle connection is kept open. */
  readonly keepAliveSeconds: number;
  readonly maxHeaderBytes: number;
  /** Connections of one process; further ones are closed at once. */
  readonly maxConnections: number;
  /** A connection is closed after this many requests; 0: never. */
  readonly maxRequestsPerConnection: number;
}
