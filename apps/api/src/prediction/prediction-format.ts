import type { Manifest } from '#bundle';

const DECIMALS = 1e6;

/** To 6 decimals: what float32 arithmetic holds, without its noise. */
export function roundProbability(probability: number): number {
  return Math.round(probability * DECIMALS) / DECIMALS;
}

/** Which version of which model, such as `random_forest:1`. */
export function modelVersion({ name, version }: Pick<Manifest, 'name' | 'version'>): string {
  return `${name}:${version}`;
}
