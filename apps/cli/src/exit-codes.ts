/** Exit codes for scripts; 0 is success, 1 a fault of the program. */
export const EXIT = {
  /** Invalid command line, input, setting or data. */
  badInput: 2,
  /** The gate refused the candidate: it violates an absolute bound. */
  refused: 3,
  /** `monitor run --fail-on-alarm` found an open alarm. */
  alarm: 3,
  /** Another run is active here; EX_TEMPFAIL in sysexits.h. */
  busy: 75,
  /** A file could not be read or written; EX_IOERR in sysexits.h. */
  storage: 74,
  /** Ctrl-C or SIGTERM. */
  stopped: 130,
} as const;
