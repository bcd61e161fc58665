/** A fake clock for this process, but not for its threads: it advances only on request, until it is restored. */
export class StoppedClock {
  private readonly real = Date.now;

  /** @param time in milliseconds since the epoch */
  constructor(private time: number) {
    Date.now = () => this.time;
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }

  giveBack(): void {
    Date.now = this.real;
  }
}
