import type { Manifest } from '#bundle';

export { roundProbability } from '#runtime';

type Identity = Pick<Manifest, 'name' | 'version'>;

let last: Identity | undefined;
let text = '';

/** Model and version, such as `random_forest:1`; cached, because most requests repeat the previous one. */
export function modelVersion(identity: Identity): string {
  if (identity !== last) {
    last = identity;
    text = `${identity.name}:${identity.version}`;
  }
  return text;
}
