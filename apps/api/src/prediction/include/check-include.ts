import { taskOf } from '#bundle';
import type { ServedModel } from '#runtime';
import { invalidInput } from '../../problem/invalid-input.js';
import type { Include } from './include.js';

/** @throws Problem `invalid-input` if a request asks for a part that such a model does not have */
export function checkInclude({ manifest }: ServedModel, include: Include): void {
  if (!include.has('probabilities') || taskOf(manifest) !== 'regression') return;
  const expected = `without probabilities: ${manifest.name} is a regression and has none`;
  throw invalidInput([{ path: 'include', expected, received: 'probabilities' }]);
}
