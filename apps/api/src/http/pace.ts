/** A slower client costs the server more than it sends. */
const BYTES_PER_SECOND = 1_024;
const SECONDS = 10;

/** How often uploads are checked. */
export const LOOK_MILLISECONDS = 1_000;

/**
 * Detects uploads slower than 1 KiB/s over 10 s. It is checked every second and counts checks instead of reading the
 * clock, so that a client is not blamed while this process is too busy to read.
 */
export class Pace {
  private checks = 0;
  private start = 0;

  /** @param bytes received so far; the rate is measured anew in each span of 10 checks */
  isSlow(bytes: number): boolean {
    if (++this.checks < SECONDS) return false;
    const received = bytes - this.start;
    this.restart(bytes);
    return received < BYTES_PER_SECOND * SECONDS;
  }

  /** Begins a new span. */
  restart(bytes: number): void {
    this.checks = 0;
    this.start = bytes;
  }
}
