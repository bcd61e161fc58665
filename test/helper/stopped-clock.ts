/** The clock of this process, but not of its threads: it goes on only as it is told to, until it is given back. */
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
