import type { Manifest } from '#bundle';

export { roundProbability } from '#runtime';

/** Which version of which model, such as `random_forest:1`. */
export function modelVersion({ name, version }: Pick<Manifest, 'name' | 'version'>): string {
  return `${name}:${version}`;
}
