import { Ensemble, i32At, MEMBER } from './ensemble';

/**
 * Gives nodes that compare the place of their code in a row, in bytes.
 *
 * @param codeOf int32 for each feature, twice: of nodes that send missing values to the right, and to the left; negative
 *   where not known
 * @param places uint16 for each node
 * @returns the first node, from one on, that asks for categories, or whose code is not known; else how many nodes there are
 */
export function placeCodes(ensemble: Ensemble, from: i32, codeOf: usize, places: usize): i32 {
  for (let node = from; node < ensemble.nodes; node++) {
    if (i32At(ensemble.left, node) < 0) continue;
    if (load<u8>(ensemble.comparison + <usize>node) == MEMBER) return node;
    const missing: i32 = load<u8>(ensemble.missingLeft + <usize>node) ? 1 : 0;
    const code = i32At(codeOf, 2 * i32At(ensemble.feature, node) + missing);
    if (code < 0) return node;
    store<u16>(places + (<usize>node << 1), <u16>(4 * code));
  }
  return ensemble.nodes;
}
