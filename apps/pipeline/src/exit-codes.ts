/** What scripts can rely on; 0 is success, 1 a fault of the program. */
export const EXIT = {
  /** Wrong input, setting or data. */
  badInput: 2,
  /** The gate refused the candidate. */
  refused: 3,
  /** Ctrl-C or SIGTERM. */
  stopped: 130,
} as const;
