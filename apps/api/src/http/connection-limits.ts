/** What a client may take of the server before it has shown a whole request. */
export interface ConnectionLimits {
  /** For the header fields to arrive, and for the whole request; slower ones get 408. */
  readonly headersTimeoutSeconds: number;
  readonly requestTimeoutSeconds: number;
  /** How long an idle connection is kept. */
  readonly keepAliveSeconds: number;
  readonly maxHeaderBytes: number;
  /** Connections of one process; more are closed at once. */
  readonly maxConnections: number;
  /** After so many a connection is closed; 0: never. */
  readonly maxRequestsPerConnection: number;
}
