import type { Interval } from '../bootstrap/percentile-interval.js';

const { log, log1p, max, min, sqrt } = Math;

/** Bets are never larger: beyond, one value could cost everything. */
const LARGEST_BET = 0.5;

/**
 * Between which numbers the mean of values from -1 to 1 lies: a confidence sequence, which holds at all times together, so
 * that one may look at it after every value. By bets on an empirical Bernstein supermartingale with predictable plug-ins
 * (Waudby-Smith & Ramdas, "Estimating means of bounded random variables by betting", JRSS-B 2024, theorem 2).
 */
export class BoundedMean {
  private count = 0;
  private sum = 0;
  /** Of squares of the distances to the running mean. */
  private squares = 0;
  private bets = 0;
  private weighted = 0;
  private penalty = 0;

  /** @param alpha how often the mean may ever lie outside */
  constructor(private readonly alpha: number) {}

  get values(): number {
    return this.count;
  }

  /** @param value from -1 to 1; beyond, it counts as the bound */
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
