/** What scripts can rely on; 0 is success, 1 a fault of the program. */
export const EXIT = {
  /** Wrong command line, input, setting or data. */
  badInput: 2,
  /** The gate refused the candidate: an absolute bound is broken. */
  refused: 3,
  /** `monitor run --fail-on-alarm` found one open. */
  alarm: 3,
  /** Another run is at work here; sysexits.h calls it EX_TEMPFAIL. */
  busy: 75,
  /** A file could not be read or written; sysexits.h calls it EX_IOERR. */
  storage: 74,
  /** Ctrl-C or SIGTERM. */
  stopped: 130,
} as const;
