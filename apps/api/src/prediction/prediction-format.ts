import type { Manifest } from '#bundle';

export { roundProbability } from '#runtime';

type Identity = Pick<Manifest, 'name' | 'version'>;

let last: Identity | undefined;
let text = '';

/** Which version of which model, such as `random_forest:1`; most are the one before. */
export function modelVersion(identity: Identity): string {
  if (identity !== last) {
    last = identity;
    text = `${identity.name}:${identity.version}`;
  }
  return text;
}
