import type { Manifest } from '#registry';

const DECIMALS = 1e6;

/** To 6 decimals: what float32 arithmetic holds, without its noise. */
export function roundProbability(probability: number): number {
  return Math.round(probability * DECIMALS) / DECIMALS;
}

/** Algorithm and version, such as `random_forest:1`. */
export function modelVersion({ algorithm, version }: Manifest): string {
  return `${algorithm}:${version}`;
}
