import type { Interval } from '../bootstrap/percentile-interval.js';

const { log, log1p, max, min, sqrt } = Math;

/** The largest bet: with more, one value could lose everything. */
const LARGEST_BET = 0.5;

/**
 * A confidence sequence for the mean of values from -1 to 1: it holds at all times simultaneously, so that one may look
 * after every value. It bets on an empirical Bernstein supermartingale with predictable plug-ins (Waudby-Smith &
 * Ramdas, "Estimating means of bounded random variables by betting", JRSS-B 2024, theorem 2).
 */
export class BoundedMean {
  private count = 0;
  private sum = 0;
  /** Sum of the squared distances to the running mean. */
  private squares = 0;
  private bets = 0;
  private weighted = 0;
  private penalty = 0;

  /** @param alpha the probability that the mean is ever outside the interval */
  constructor(private readonly alpha: number) {}

  get values(): number {
    return this.count;
  }

  /** @param value from -1 to 1; clipped beyond */
  add(value: number): void {
    const x = (min(1, max(-1, value)) + 1) / 2;
    const n = ++this.count;
    const mean = (0.5 + this.sum) / n;
    const variance = (0.25 + this.squares) / n;
    const bet = min(LARGEST_BET, sqrt((2 * log(2 / this.alpha)) / (variance * n * log1p(n))));
    // 4 (x - mean)^2 psi(bet), where psi(bet) = (-ln(1 - bet) - bet) / 4.
    this.penalty += (x - mean) ** 2 * (-log1p(-bet) - bet);
    this.bets += bet;
    this.weighted += bet * x;
    this.sum += x;
    this.squares += (x - (0.5 + this.sum) / (n + 1)) ** 2;
  }

  /** From -1 to 1. */
  get interval(): Interval {
    if (this.count === 0) return { low: -1, high: 1 };
    const centre = this.weighted / this.bets;
    const radius = (log(2 / this.alpha) + this.penalty) / this.bets;
    return { low: max(-1, 2 * (centre - radius) - 1), high: min(1, 2 * (centre + radius) - 1) };
  }
}
