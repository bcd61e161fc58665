/** Below this a client holds more of the server than it sends. */
const BYTES_PER_SECOND = 1_024;
const SECONDS = 10;

/** How often uploads are looked at. */
export const LOOK_MILLISECONDS = 1_000;

/**
 * Tells whether an upload is slower than 1 KiB/s over 10 s. It is looked at every second: looks are counted, not the
 * clock, so that nobody is blamed for what this process was too busy to read.
 */
export class Pace {
  private looks = 0;
  private begun = 0;

  /** @param bytes received so far; counted again in each span of 10 looks */
  isSlow(bytes: number): boolean {
    if (++this.looks < SECONDS) return false;
    const came = bytes - this.begun;
    this.restart(bytes);
    return came < BYTES_PER_SECOND * SECONDS;
  }

  /** Begins a new span. */
  restart(bytes: number): void {
    this.looks = 0;
    this.begun = bytes;
  }
}
